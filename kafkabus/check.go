package kafkabus

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/segmentio/kafka-go"
	"landfall/node"
)

// check refuses existing topics that cannot work, and warns about those with unexpected settings.
func (b *Bus) check(ctx context.Context, md *kafka.MetadataResponse) error {
	var existing []node.Topic
	for _, t := range node.Topics {
		i := topicIn(md, b.name(t))
		if i < 0 {
			continue
		}
		if err := md.Topics[i].Error; err != nil {
			if permanent(err) {
				return &TopicError{Topic: b.name(t), Reason: "cannot be used", Err: err}
			}
			continue
		}
		if err := b.checkPartitions(t, len(md.Topics[i].Partitions)); err != nil {
			return err
		}
		existing = append(existing, t)
	}
	return b.checkSettings(ctx, existing)
}

func (b *Bus) checkPartitions(t node.Topic, n int) error {
	if t.Partitions() == 1 && n != 1 {
		return &TopicError{Topic: b.name(t), Reason: fmt.Sprintf("has %d partitions: must have 1, because its order matters", n)}
	}
	if n != t.Partitions() {
		b.log.Warn("unexpected number of partitions", "topic", b.name(t), "partitions", n)
	}
	return nil
}

func (b *Bus) checkSettings(ctx context.Context, topics []node.Topic) error {
	if len(topics) == 0 {
		return nil
	}
	req := &kafka.DescribeConfigsRequest{}
	for _, t := range topics {
		req.Resources = append(req.Resources, kafka.DescribeConfigRequestResource{ResourceType: kafka.ResourceTypeTopic, ResourceName: b.name(t)})
	}
	res, err := b.client.DescribeConfigs(ctx, req)
	if err != nil {
		return fmt.Errorf("describe topics: %w", bare(err))
	}
	for _, r := range res.Resources {
		if r.Error != nil { // probably not authorized to describe it: assume that it is right
			b.log.Debug("cannot read a topic's settings", "topic", r.ResourceName, "err", r.Error)
			continue
		}
		if err := b.compare(r); err != nil {
			return err
		}
	}
	return nil
}

func (b *Bus) compare(r kafka.DescribeConfigResponseResource) error {
	t := node.Topic(strings.TrimPrefix(r.ResourceName, b.prefix))
	wanted := settings(t)
	for _, entry := range r.ConfigEntries {
		want, ok := wanted[entry.ConfigName]
		if !ok || serves(entry.ConfigName, entry.ConfigValue, want) {
			continue
		}
		if required[entry.ConfigName] {
			return &TopicError{Topic: r.ResourceName, Reason: fmt.Sprintf("has %s=%s: must be %s (kafka-configs.sh --alter --topic %s --add-config %s=%s)",
				entry.ConfigName, entry.ConfigValue, want, r.ResourceName, entry.ConfigName, want)}
		}
		b.log.Warn("unexpected topic setting", "topic", r.ResourceName, "setting", entry.ConfigName, "is", entry.ConfigValue, "wanted", want)
	}
	return nil
}

// required are the settings without which a topic is refused: records must be kept, in order, with the broker's times
// (runs start by them, and outdated records are recognized by them), and must stay readable (see batch.unpack).
var required = map[string]bool{"cleanup.policy": true, "message.timestamp.type": true, "compression.type": true}

// serves reports whether a setting has the wanted value, or a more generous one.
func serves(name, value, want string) bool {
	if value == want {
		return true
	}
	switch name {
	case "segment.ms":
		return true // it only affects how soon space is freed
	case "compression.type":
		return value == "lz4" || value == "uncompressed"
	}
	is, err1 := strconv.ParseInt(value, 10, 64)
	least, err2 := strconv.ParseInt(want, 10, 64)
	if err1 != nil || err2 != nil {
		return false
	}
	return is == -1 || least != -1 && is >= least
}
