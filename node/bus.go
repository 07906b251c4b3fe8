// Package node holds what the nodes of landfall say to each other: the messages, one file a topic, and the Bus that
// carries them. Its sub-packages are both ends of it: driver, fleet, orchestrator, report.
package node

import (
	"context"
	"time"
)

// Topic is one of the streams that carry everything; the bus adds its prefix.
type Topic string

// The topics. All but Metrics have one partition, so that their order is the same for everybody.
const (
	TopicRegister   Topic = "register"
	TopicHeartbeat  Topic = "heartbeat"
	TopicTestConfig Topic = "test_config"
	TopicTrigger    Topic = "trigger"
	TopicMetrics    Topic = "metrics"
	TopicResults    Topic = "results"
	TopicKeys       Topic = "keys" // versions of the fleet's key ring, each signed by its root key: no messages
)

// Topics lists all topics.
var Topics = []Topic{TopicRegister, TopicHeartbeat, TopicTestConfig, TopicTrigger, TopicMetrics, TopicResults, TopicKeys}

// Bus carries records between nodes, at least once and in order within a partition.
type Bus interface {
	// Publish appends a record and returns when it is acknowledged. It retries the same bytes until then or until ctx
	// ends; a caller that may lose the record gives ctx a deadline. A retry whose first try did arrive makes a duplicate.
	Publish(ctx context.Context, topic Topic, key string, value []byte) (Ack, error)
	// Tail reads every partition of topic from a position on, calling r's functions one at a time, until ctx ends (nil)
	// or the position can never be read.
	Tail(ctx context.Context, topic Topic, from From, r Reader) error
}

// Ack is the answer to a Publish: the broker stamped the record at Appended (whole milliseconds, rounded down, of its own clock)
// at some moment between Sent and Answered of this process's clock. Sent and Answered are of the try that succeeded.
type Ack struct {
	Sent, Answered, Appended time.Time
	Partition                int
	Offset                   int64
}

// Record is one message as the bus delivers it.
type Record struct {
	Topic     Topic
	Partition int
	Offset    int64
	Appended  time.Time // broker's clock
	Key       string
	Value     []byte
	Signer    *Signer // whose fleet key signed it; nil: nobody's, or this process has no fleet keys
	Refused   error   // why its signature or what it asks for is not believed: it must not be read; usually a *RefusedError
}

// From is where a Tail begins: at the first record appended at or after Since; the zero value is the very beginning.
type From struct{ Since time.Time }

// Reader is what a Tail calls. Only Record must be set.
type Reader struct {
	Record func(Record)
	// Live is called once: everything that the topic held when the Tail began has been read.
	Live func()
	// Missing is called when records between two offsets are gone for ever (retention, or a log that was reset).
	Missing func(partition int, from, to int64)
	// Answered is called after every answer of the broker, with nil, and after every failed attempt, with the error.
	Answered func(error)
}
