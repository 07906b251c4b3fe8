package kafkabus

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"

	"github.com/segmentio/kafka-go"
)

func TestErrorsSayWhatToDo(t *testing.T) {
	for _, c := range []struct {
		err  error
		want string
	}{
		{&UnreachableError{Brokers: []string{"a:1", "b:2"}, Err: errors.New("refused")}, "no Kafka broker answers at a:1, b:2: refused"},
		{&UnreachableError{Brokers: []string{"a:1"}, Err: fmt.Errorf("read: %w", io.EOF)}, "does it require TLS or SASL?"},
		{&UnreachableError{Brokers: []string{"a:1"}, Err: fmt.Errorf("read: %w", io.EOF), TLS: true}, "does this listener use TLS?"},
		{&UnreachableError{Brokers: []string{"a:1"}, Err: fmt.Errorf("metadata: %w", context.DeadlineExceeded)}, "answers at a:1: no response in time (is it a Kafka broker?)"},
		{&AuthError{"", errors.New("x")}, "see --kafka-sasl"},
		{&AuthError{"ann", errors.New("x")}, `Kafka rejected user "ann": x`},
		{&TopicError{Topic: "t", Reason: "cannot be used"}, "topic t cannot be used"},
		{&TopicError{"t", "cannot be used", errors.New("x")}, "topic t cannot be used: x"},
	} {
		if got := c.err.Error(); !strings.Contains(got, c.want) {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}

// Only errors that retrying cannot fix get a type of their own; all others are retried.
func TestExplain(t *testing.T) {
	b := &Bus{user: "ann", brokers: []string{"a:1"}}
	var auth *AuthError
	if err := b.explain(fmt.Errorf("produce: %w", kafka.TopicAuthorizationFailed)); !errors.As(err, &auth) || auth.User != "ann" {
		t.Errorf("a missing permission: %v", err)
	}
	for untrusted, hint := range map[error]string{x509.UnknownAuthorityError{}: "--kafka-ca", &net.OpError{Op: "remote error", Err: errors.New("bad certificate")}: "--kafka-cert"} {
		if err := b.explain(untrusted); err == nil || !strings.HasPrefix(err.Error(), "TLS to the Kafka brokers at a:1") || !strings.Contains(err.Error(), hint) {
			t.Errorf("%T: %v", untrusted, err)
		}
	}
	var topic *TopicError
	if err := b.explain(fmt.Errorf("prepare: %w", &TopicError{Topic: "t"})); !errors.As(err, &topic) {
		t.Errorf("an unusable topic: %v", err)
	}
	for _, passing := range []error{io.EOF, context.DeadlineExceeded, kafka.LeaderNotAvailable, &net.OpError{Op: "dial", Err: errors.New("refused")}} {
		if err := b.explain(passing); err != nil {
			t.Errorf("%v is final: %v", passing, err)
		}
	}
}

func TestHopeless(t *testing.T) {
	for err, want := range map[error]bool{
		kafka.MessageSizeTooLarge: true, kafka.TopicAuthorizationFailed: true, kafka.NotLeaderForPartition: false, kafka.RequestTimedOut: false, io.EOF: false,
	} {
		if got := permanent(fmt.Errorf("produce: %w", err)); got != want {
			t.Errorf("%v: hopeless %v, want %v", err, got, want)
		}
	}
}

func TestBareDropsTheFunctionsName(t *testing.T) {
	inner := errors.New("refused")
	if got := bare(fmt.Errorf("kafka.(*Client).Produce: %w", inner)); got != inner {
		t.Errorf("got %v", got)
	}
	other := fmt.Errorf("dial: %w", inner)
	if got := bare(other); got != other {
		t.Errorf("got %v", got)
	}
	if bare(nil) != nil {
		t.Error("an error out of nothing")
	}
}
