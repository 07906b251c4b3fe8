package kafkabus

import (
	"context"
	"fmt"
	"strings"

	"github.com/segmentio/kafka-go/sasl"
	"github.com/segmentio/kafka-go/sasl/plain"
	franzsasl "github.com/twmb/franz-go/pkg/sasl"
	"github.com/twmb/franz-go/pkg/sasl/scram"
)

// mechanism returns the SASL mechanism of the Bus, or nil.
func (c Config) mechanism() (sasl.Mechanism, error) {
	if c.SASL != "" && c.User == "" {
		return nil, fmt.Errorf("sasl %s: needs a user", c.SASL)
	}
	switch strings.ToUpper(c.SASL) {
	case "":
		return nil, nil
	case "PLAIN":
		return plain.Mechanism{Username: c.User, Password: c.Password}, nil
	case "SCRAM-SHA-256":
		return scramMechanism{scram.Auth{User: c.User, Pass: c.Password}.AsSha256Mechanism()}, nil
	case "SCRAM-SHA-512":
		return scramMechanism{scram.Auth{User: c.User, Pass: c.Password}.AsSha512Mechanism()}, nil
	}
	return nil, fmt.Errorf("sasl %q: must be PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512", c.SASL)
}

// scramMechanism adapts franz-go's SCRAM to kafka-go. It sends names and passwords unchanged, as Kafka stores
// them (kafka-go's own implementation prepares them by RFC 4013, which Kafka does not).
type scramMechanism struct{ franz franzsasl.Mechanism }

func (m scramMechanism) Name() string { return m.franz.Name() }

func (m scramMechanism) Start(ctx context.Context) (sasl.StateMachine, []byte, error) {
	session, first, err := m.franz.Authenticate(ctx, "")
	return scramSession{session}, first, err
}

type scramSession struct{ franz franzsasl.Session }

func (s scramSession) Next(_ context.Context, challenge []byte) (done bool, response []byte, err error) {
	return s.franz.Challenge(challenge)
}
