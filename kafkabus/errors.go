package kafkabus

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"

	"github.com/segmentio/kafka-go"
	"github.com/segmentio/kafka-go/protocol"
)

// UnreachableError means that no broker responded.
type UnreachableError struct {
	Brokers []string
	Err     error // of the last attempt
	TLS     bool  // TLS was used
}

func (e *UnreachableError) Error() string {
	why, hint := fmt.Sprint(e.Err), ""
	switch closed := errors.Is(e.Err, io.EOF) || errors.Is(e.Err, io.ErrUnexpectedEOF); {
	case closed && e.TLS:
		hint = " (connection closed by the broker: does this listener use TLS? does it require SASL?)"
	case closed:
		hint = " (connection closed by the broker: does it require TLS or SASL?)"
	case errors.Is(e.Err, context.DeadlineExceeded):
		why, hint = "no response in time", " (is it a Kafka broker?)"
	}
	return fmt.Sprintf("no Kafka broker answers at %s: %s%s", strings.Join(e.Brokers, ", "), why, hint)
}

func (e *UnreachableError) Unwrap() error { return e.Err }

// AuthError means that the broker rejected the user, or that the user lacks a permission.
type AuthError struct {
	User string
	Err  error
}

func (e *AuthError) Error() string {
	if e.User == "" {
		return fmt.Sprintf("Kafka requires authentication (see --kafka-sasl): %v", e.Err)
	}
	return fmt.Sprintf("Kafka rejected user %q: %v", e.User, e.Err)
}

func (e *AuthError) Unwrap() error { return e.Err }

// TopicError means that an existing topic cannot be used, or that a topic cannot be created.
type TopicError struct {
	Topic  string
	Reason string
	Err    error // may be nil
}

func (e *TopicError) Error() string {
	if e.Err == nil {
		return fmt.Sprintf("topic %s %s", e.Topic, e.Reason)
	}
	return fmt.Sprintf("topic %s %s: %v", e.Topic, e.Reason, e.Err)
}

func (e *TopicError) Unwrap() error { return e.Err }

// explain turns an error that retrying cannot fix into its own type.
func (b *Bus) explain(err error) (final error) {
	switch {
	case is(err, kafka.SASLAuthenticationFailed, kafka.UnsupportedSASLMechanism, kafka.IllegalSASLState,
		kafka.TopicAuthorizationFailed, kafka.ClusterAuthorizationFailed):
		return &AuthError{User: b.user, Err: err}
	case untrusted(err):
		return fmt.Errorf("TLS to the Kafka brokers at %s: %w%s", strings.Join(b.brokers, ", "), err, tlsHint(err))
	}
	var topic *TopicError
	if errors.As(err, &topic) {
		return topic
	}
	return nil
}

// tlsHint returns what to do about an error of TLS.
func tlsHint(err error) string {
	var authority x509.UnknownAuthorityError
	var remote *net.OpError
	switch {
	case errors.As(err, &authority):
		return " (--kafka-ca names the CA certificates to trust)"
	case errors.As(err, &remote) && remote.Op == "remote error":
		return " (the broker may require a client certificate: --kafka-cert, --kafka-key)"
	}
	return ""
}

func untrusted(err error) bool {
	var (
		verification *tls.CertificateVerificationError
		header       tls.RecordHeaderError
		alert        tls.AlertError
		authority    x509.UnknownAuthorityError
		host         x509.HostnameError
	)
	var remote *net.OpError
	if errors.As(err, &remote) && remote.Op == "remote error" { // crypto/tls reports the alert of the peer like this
		return true
	}
	return errors.As(err, &verification) || errors.As(err, &header) || errors.As(err, &alert) ||
		errors.As(err, &authority) || errors.As(err, &host)
}

// topicGone reports whether the cluster does not know a topic, or does not list it yet.
func topicGone(err error) bool {
	return is(err, kafka.UnknownTopicOrPartition) || errors.Is(err, protocol.ErrNoTopic) || errors.Is(err, protocol.ErrNoPartition)
}

func is(err error, codes ...kafka.Error) bool {
	for _, code := range codes {
		if errors.Is(err, code) {
			return true
		}
	}
	return false
}

// permanent reports whether retrying cannot change the broker's answer.
func permanent(err error) bool {
	var code kafka.Error
	return errors.As(err, &code) && !code.Temporary()
}

// cause returns the error behind a failed request. Without a connection, the Transport reports only an unknown topic:
// then the dial error is the cause.
func (b *Bus) cause(err error) error {
	if topicGone(err) {
		if failed := b.dialer.unreachable(); failed != nil {
			return &UnreachableError{Brokers: b.brokers, Err: failed, TLS: b.transport.TLS != nil}
		}
	}
	return bare(err)
}

// bare strips the function name that kafka-go prepends to an error.
func bare(err error) error {
	if err == nil {
		return nil
	}
	if inner := errors.Unwrap(err); inner != nil && strings.HasPrefix(err.Error(), "kafka.(*Client).") {
		return inner
	}
	return err
}
