//go:build unix

package kafkabus_test

import (
	"context"
	"crypto/tls"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/segmentio/kafka-go"
	"landfall/kafkabus"
	"landfall/kafkabus/kafkatest"
	"landfall/node"
)

// TestKafka runs the suite of the embedded broker, and more, on Apache Kafka.
func TestKafka(t *testing.T) {
	n := kafkatest.Wanted(t)
	pem := t.TempDir()
	client := kafkatest.WritePEM(t, pem)
	k := kafkatest.StartKafka(t, n, pem)
	runSuite(t, k)
	t.Run("topics", func(t *testing.T) { testTopicSettings(t, k, n) })
	t.Run("security", func(t *testing.T) { testSecurity(t, k, client) })
	if n == 1 {
		t.Run("killed for 20 s", func(t *testing.T) { testKilled(t, k) })
	} else {
		t.Run("leader killed", func(t *testing.T) { testLeaderKilled(t, k) })
		t.Run("leader hangs", func(t *testing.T) { testLeaderHangs(t, k) })
	}
}

func testTopicSettings(t *testing.T, k *kafkatest.Kafka, n int) {
	open(t, k.Brokers(), nil)
	cl := &kafka.Client{Addr: kafka.TCP(k.Brokers()...), Transport: &kafka.Transport{}}
	replicas := map[int]int{1: 1, 3: 3}[n]
	insync := map[int]string{1: "1", 3: "2"}[n]
	for _, topic := range node.Topics {
		name := prefix(t) + string(topic)
		md, err := cl.Metadata(t.Context(), &kafka.MetadataRequest{Topics: []string{name}})
		if err != nil {
			t.Fatal(err)
		}
		p := md.Topics[0].Partitions
		if len(p) != topic.Partitions() || len(p[0].Replicas) != replicas {
			t.Errorf("%s: %d partitions, %d replicas", topic, len(p), len(p[0].Replicas))
		}
		got := describe(t, cl, name)
		if got["message.timestamp.type"] != "LogAppendTime" || got["cleanup.policy"] != "delete" || got["min.insync.replicas"] != insync {
			t.Errorf("%s: %v", topic, got)
		}
		if want := map[node.Topic]string{"heartbeat": "600000", "metrics": "604800000", "register": "7776000000", "test_config": "2592000000"}[topic]; want != "" && got["retention.ms"] != want {
			t.Errorf("%s: retention.ms %s, want %s", topic, got["retention.ms"], want)
		}
	}
	create(t, k.Brokers(), "compacted.results", 1, appendTime, kafka.ConfigEntry{ConfigName: "cleanup.policy", ConfigValue: "compact,delete"})
	ctx, cancel := context.WithTimeout(t.Context(), enough)
	defer cancel()
	_, err := kafkabus.Open(ctx, kafkabus.Config{Brokers: k.Brokers(), Prefix: "compacted."})
	if err == nil || !strings.Contains(err.Error(), "topic compacted.results has cleanup.policy=") {
		t.Errorf("compacted: %v", err)
	}
	_, err = kafkabus.Open(ctx, kafkabus.Config{Brokers: k.Brokers(), Prefix: "no/name."})
	if err == nil || !strings.Contains(err.Error(), "topic no/name.") || !strings.Contains(err.Error(), "cannot be used") {
		t.Errorf("bad name: %v", err)
	}
}

func describe(t *testing.T, cl *kafka.Client, topic string) map[string]string {
	res, err := cl.DescribeConfigs(t.Context(), &kafka.DescribeConfigsRequest{Resources: []kafka.DescribeConfigRequestResource{
		{ResourceType: kafka.ResourceTypeTopic, ResourceName: topic}}})
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, e := range res.Resources[0].ConfigEntries {
		got[e.ConfigName] = e.ConfigValue
	}
	return got
}

func testSecurity(t *testing.T, k *kafkatest.Kafka, client *tls.Config) {
	stranger := client.Clone()
	stranger.RootCAs = nil
	anonymous := client.Clone()
	anonymous.Certificates = nil
	for _, c := range []struct {
		name    string
		brokers []string
		sasl    string
		pass    string
		tls     *tls.Config
		want    string // of the error; "": no error
	}{
		{name: "PLAIN", brokers: k.SASL(), sasl: "PLAIN", pass: kafkatest.Password},
		{name: "SCRAM-SHA-256", brokers: k.SASL(), sasl: "scram-sha-256", pass: kafkatest.Password},
		{name: "SCRAM-SHA-512", brokers: k.SASL(), sasl: "SCRAM-SHA-512", pass: kafkatest.Password},
		{name: "TLS with certificate", brokers: k.TLS(), tls: client},
		{name: "SCRAM over TLS", brokers: k.SASLOverTLS(), sasl: "SCRAM-SHA-512", pass: kafkatest.Password, tls: anonymous},
		{name: "wrong PLAIN password", brokers: k.SASL(), sasl: "PLAIN", pass: "x", want: `rejected user "alice"`},
		{name: "wrong SCRAM password", brokers: k.SASL(), sasl: "SCRAM-SHA-512", pass: "x", want: `rejected user "alice"`},
		{name: "no SASL", brokers: k.SASL(), want: "no Kafka broker answers"},
		{name: "no TLS", brokers: k.TLS(), want: "no Kafka broker answers"},
		{name: "no client certificate", brokers: k.TLS(), tls: anonymous, want: "bad certificate"},
		{name: "unknown authority", brokers: k.TLS(), tls: stranger, want: "certificate signed by unknown authority"},
		{name: "TLS where there is none", brokers: k.Brokers(), tls: client, want: "Kafka broker"},
	} {
		t.Run(c.name, func(t *testing.T) {
			config := kafkabus.Config{Brokers: c.brokers, Prefix: prefix(t), SASL: c.sasl, Password: c.pass, TLS: c.tls}
			if c.sasl != "" {
				config.User = kafkatest.User
			}
			limit := enough
			if strings.Contains(c.want, "Kafka broker") { // retried until the deadline
				limit = 6 * time.Second
			}
			ctx, cancel := context.WithTimeout(t.Context(), limit)
			defer cancel()
			bus, err := kafkabus.Open(ctx, config)
			if c.want != "" {
				if err == nil || !strings.Contains(err.Error(), c.want) {
					t.Fatalf("err %v, want %q", err, c.want)
				}
				t.Log(err)
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			defer bus.Close()
			publish(t, bus, node.TopicTrigger, "k", []byte("secret"))
			tail := collect(t, bus, node.TopicTrigger, node.From{})
			tail.awaitRecords(1)
			tail.stop()
		})
	}
	var auth *kafkabus.AuthError
	ctx, cancel := context.WithTimeout(t.Context(), enough)
	defer cancel()
	_, err := kafkabus.Open(ctx, kafkabus.Config{Brokers: k.SASL(), SASL: "PLAIN", User: "bob", Password: "x"})
	if !errors.As(err, &auth) || auth.User != "bob" {
		t.Errorf("err %v", err)
	}
}

func testKilled(t *testing.T, k *kafkatest.Kafka) {
	bus := open(t, k.Brokers(), nil)
	outage(t, bus, func() {
		k.Kill(0)
		time.Sleep(20 * time.Second)
		k.Back(0)
	})
}

// leader returns the node that leads the partition to which stream writes.
func leader(t *testing.T, k *kafkatest.Kafka) int {
	cl := &kafka.Client{Addr: kafka.TCP(k.Brokers()...), Transport: &kafka.Transport{}}
	md, err := cl.Metadata(t.Context(), &kafka.MetadataRequest{Topics: []string{prefix(t) + "metrics"}})
	if err != nil {
		t.Fatal(err)
	}
	return md.Topics[0].Partitions[node.PartitionOf("k", 4)].Leader.ID - 1
}

func testLeaderKilled(t *testing.T, k *kafkatest.Kafka) {
	bus := open(t, k.Brokers(), nil)
	outage(t, bus, func() {
		n := leader(t, k)
		t.Logf("kill -9 node %d", n+1)
		k.Kill(n)
		time.Sleep(8 * time.Second)
		k.Back(n)
	})
}

func testLeaderHangs(t *testing.T, k *kafkatest.Kafka) {
	bus := open(t, k.Brokers(), nil)
	outage(t, bus, func() {
		n := leader(t, k)
		k.Pause(n)
		time.Sleep(15 * time.Second)
		k.Resume(n)
	})
}
