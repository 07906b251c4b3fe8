package kafkabus

import (
	"fmt"
	"strings"

	"github.com/segmentio/kafka-go/sasl"
	"github.com/segmentio/kafka-go/sasl/plain"
	"github.com/segmentio/kafka-go/sasl/scram"
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
		return scramWith(scram.SHA256, c)
	case "SCRAM-SHA-512":
		return scramWith(scram.SHA512, c)
	}
	return nil, fmt.Errorf("sasl %q: must be PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512", c.SASL)
}

func scramWith(algorithm scram.Algorithm, c Config) (sasl.Mechanism, error) {
	m, err := scram.Mechanism(algorithm, c.User, c.Password)
	if err != nil {
		return nil, fmt.Errorf("sasl user or password: %w", err)
	}
	return m, nil
}
