// Package node defines what the nodes of landfall exchange: messages, with one file for each topic, and the [Bus] that transports
// them.
//
// [Post] publishes a [Message]; [Decode] returns the message of a [Record], validated and safe to display. Each topic has one type
// of message: drivers publish [Register], [Heartbeat] and [Metrics]; orchestrators publish [Config], [Trigger] and [Result]. [Helm]
// decides which orchestrator controls a run, and [Clock] estimates the broker's clock, by which runs start.
//
// Both ends are implemented elsewhere: [landfall/node/driver] generates load, [landfall/node/orchestrator] controls runs,
// [landfall/node/fleet] folds the messages into the state of the fleet, and [landfall/node/report] computes reports from it.
package node

import (
	"context"
	"time"
)

// Topic is one of the message streams; the bus adds its prefix.
type Topic string

// The topics. All but Metrics have one partition, so that all readers see the same order.
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

// Bus transports records between nodes, at least once and in order within a partition.
type Bus interface {
	// Publish appends a record and returns when it is acknowledged. It retries with the same bytes until then or until ctx
	// is done; callers that can afford to lose the record set a deadline. A retry after a lost acknowledgement makes a duplicate.
	Publish(ctx context.Context, topic Topic, key string, value []byte) (Ack, error)
	// Tail reads every partition of topic from a position on, and calls r's functions one at a time. It returns nil when ctx is
	// done, or an error if the position can never be read.
	Tail(ctx context.Context, topic Topic, from From, r Reader) error
}

// Ack is the result of a Publish: the broker stamped the record at Appended (its own clock, in whole milliseconds, rounded down)
// between Sent and Answered (this process's clock). Both belong to the attempt that succeeded.
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
	Signer    *Signer // owner of the fleet key that signed it; nil: unsigned, or this process has no fleet keys
	Refused   error   // set if the signature or the request is rejected: the record must not be processed; usually a *RefusedError
}

// From is where a Tail starts: at the first record appended at or after Since, or at the first record if it is zero.
type From struct{ Since time.Time }

// Reader holds the callbacks of a Tail. Only Record is required.
type Reader struct {
	Record func(Record)
	// Live is called once, when everything that the topic held at the start of the Tail has been read.
	Live func()
	// Missing is called when records between two offsets are lost (retention, or a recreated log).
	Missing func(partition int, from, to int64)
	// Answered is called with nil after every response of the broker, and with the error after every failed attempt.
	Answered func(error)
}
