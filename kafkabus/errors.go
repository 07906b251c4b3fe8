package kafkabus

import (
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

// UnreachableError says that none of the brokers answered.
type UnreachableError struct {
	Brokers []string
	Err     error // of the last attempt
}

func (e *UnreachableError) Error() string {
	hint := ""
	if errors.Is(e.Err, io.EOF) || errors.Is(e.Err, io.ErrUnexpectedEOF) {
		hint = " (it hangs up: does it expect TLS or SASL?)"
	}
	return fmt.Sprintf("no Kafka broker answers at %s: %v%s", strings.Join(e.Brokers, ", "), e.Err, hint)
}

func (e *UnreachableError) Unwrap() error { return e.Err }

// AuthError says that the broker did not accept the user, or the user may not do what is needed.
type AuthError struct {
	User string
	Err  error
}

func (e *AuthError) Error() string {
	if e.User == "" {
		return fmt.Sprintf("Kafka refuses an unauthenticated client: %v", e.Err)
	}
	return fmt.Sprintf("Kafka refuses user %q: %v", e.User, e.Err)
}

func (e *AuthError) Unwrap() error { return e.Err }

// TopicError says what is wrong with a topic that exists, or why one cannot be created.
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

// explain gives an error that no retrying heals its own type.
func (b *Bus) explain(err error) (final error) {
	switch {
	case is(err, kafka.SASLAuthenticationFailed, kafka.UnsupportedSASLMechanism, kafka.IllegalSASLState,
		kafka.TopicAuthorizationFailed, kafka.ClusterAuthorizationFailed):
		return &AuthError{User: b.user, Err: err}
	case untrusted(err):
		return fmt.Errorf("TLS to the Kafka brokers at %s: %w", strings.Join(b.brokers, ", "), err)
	}
	var topic *TopicError
	if errors.As(err, &topic) {
		return topic
	}
	return nil
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
	if errors.As(err, &remote) && remote.Op == "remote error" { // how crypto/tls reports the other side's alert
		return true
	}
	return errors.As(err, &verification) || errors.As(err, &header) || errors.As(err, &alert) ||
		errors.As(err, &authority) || errors.As(err, &host)
}

// topicGone says that the cluster does not know a topic (any more), or does not say so yet.
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

// hopeless says that a broker's refusal will not change with time.
func hopeless(err error) bool {
	var code kafka.Error
	return errors.As(err, &code) && !code.Temporary()
}

// cause is what is behind the error of a request. Without a connection the Transport knows of no topic and says just that:
// then it is why there is none.
func (b *Bus) cause(err error) error {
	if topicGone(err) {
		if failed := b.dialer.unreachable(); failed != nil {
			return &UnreachableError{Brokers: b.brokers, Err: failed}
		}
	}
	return bare(err)
}

// bare takes off the name of the function that kafka-go puts before an error.
func bare(err error) error {
	if err == nil {
		return nil
	}
	if inner := errors.Unwrap(err); inner != nil && strings.HasPrefix(err.Error(), "kafka.(*Client).") {
		return inner
	}
	return err
}
