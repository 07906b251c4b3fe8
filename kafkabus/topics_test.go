//go:build unix

package kafkabus_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"

	"github.com/segmentio/kafka-go"
	"landfall/kafkabus"
	"landfall/kafkabus/kafkatest"
	"landfall/node"
)

// create creates a topic with the given settings.
func create(t *testing.T, brokers []string, name string, partitions int, configs ...kafka.ConfigEntry) {
	t.Helper()
	client := &kafka.Client{Addr: kafka.TCP(brokers...), Transport: &kafka.Transport{}}
	res, err := client.CreateTopics(t.Context(), &kafka.CreateTopicsRequest{Topics: []kafka.TopicConfig{
		{Topic: name, NumPartitions: partitions, ReplicationFactor: 1, ConfigEntries: configs}}})
	if err == nil {
		err = res.Errors[name]
	}
	if err != nil {
		t.Fatalf("create %s: %v", name, err)
	}
}

var appendTime = kafka.ConfigEntry{ConfigName: "message.timestamp.type", ConfigValue: "LogAppendTime"}

func TestUnusableTopics(t *testing.T) {
	broker := kafkatest.StartEmbedded(t, "", "")
	create(t, broker.Brokers(), "compacted.trigger", 1, appendTime, kafka.ConfigEntry{ConfigName: "cleanup.policy", ConfigValue: "compact"})
	create(t, broker.Brokers(), "divided.trigger", 3)
	create(t, broker.Brokers(), "untimed.heartbeat", 1) // Kafka's defaults
	create(t, broker.Brokers(), "packed.metrics", 4, appendTime, kafka.ConfigEntry{ConfigName: "compression.type", ConfigValue: "zstd"})
	for prefix, want := range map[string]string{
		"compacted.": "topic compacted.trigger has cleanup.policy=compact: must be delete",
		"divided.":   "topic divided.trigger has 3 partitions: must have 1",
		"untimed.":   "topic untimed.heartbeat has message.timestamp.type=CreateTime: must be LogAppendTime (kafka-configs.sh --alter",
		"packed.":    "topic packed.metrics has compression.type=zstd: must be producer",
	} {
		ctx, cancel := context.WithTimeout(t.Context(), enough)
		defer cancel()
		_, err := kafkabus.Open(ctx, kafkabus.Config{Brokers: broker.Brokers(), Prefix: prefix})
		var topic *kafkabus.TopicError
		if !errors.As(err, &topic) || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", prefix, err, want)
		}
	}
}

func TestTopicsSetUpDifferently(t *testing.T) {
	broker := kafkatest.StartEmbedded(t, "", "")
	create(t, broker.Brokers(), "odd.metrics", 2, appendTime, kafka.ConfigEntry{ConfigName: "retention.ms", ConfigValue: "1000"})
	var logged bytes.Buffer
	bus := open(t, broker.Brokers(), func(c *kafkabus.Config) {
		c.Prefix = "odd."
		c.Log = slog.New(slog.NewTextHandler(&logged, nil))
	})
	for _, want := range []string{"partitions=2", "setting=retention.ms is=1000 wanted=604800000"} {
		if !strings.Contains(logged.String(), want) {
			t.Errorf("no warning of %s in\n%s", want, &logged)
		}
	}
	publish(t, bus, node.TopicMetrics, "n1", []byte("x"))
	collect(t, bus, node.TopicMetrics, node.From{}).awaitRecords(1)
}

func TestPartitionsAddedLater(t *testing.T) {
	broker := kafkatest.StartEmbedded(t, "", "")
	bus := open(t, broker.Brokers(), nil)
	tail := collect(t, bus, node.TopicMetrics, node.From{})
	tail.await("live", func() bool { return tail.live == 1 })
	client := &kafka.Client{Addr: kafka.TCP(broker.Brokers()...), Transport: &kafka.Transport{}}
	name := prefix(t) + "metrics"
	res, err := client.CreatePartitions(t.Context(), &kafka.CreatePartitionsRequest{Topics: []kafka.TopicPartitionsConfig{{Name: name, Count: 16}}})
	if err != nil || res.Errors[name] != nil {
		t.Fatal(err, res)
	}
	other := open(t, broker.Brokers(), nil) // knows all partitions
	keys := "abcdefghijklmnopqrstuvwxyz"
	used := map[int]bool{}
	for _, k := range keys {
		used[publish(t, other, node.TopicMetrics, string(k), nil).Partition] = true
	}
	if len(used) < 8 {
		t.Fatalf("partitions used: %v", used)
	}
	tail.awaitRecords(len(keys))
}
