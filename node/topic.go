package node

import (
	"fmt"
	"hash/fnv"
)

// Partitions is into how many partitions a topic is created.
func (t Topic) Partitions() int {
	if t == TopicMetrics {
		return 4
	}
	return 1
}

// MaxBytes bounds a record's key and value together. It is a little less than what the broker is told to accept
// (16 and 2 MiB), which counts the framing of a record too.
func (t Topic) MaxBytes() int {
	const framing = 4 << 10
	if t == TopicTestConfig || t == TopicResults || t == TopicKeys {
		return 16<<20 - framing
	}
	return 2<<20 - framing
}

// Fits returns a *TooLargeError when a record is larger than its topic takes.
func (t Topic) Fits(key string, value []byte) error {
	if n := len(key) + len(value); n > t.MaxBytes() {
		return &TooLargeError{Topic: t, Bytes: n, Max: t.MaxBytes()}
	}
	return nil
}

// PartitionOf is the partition of a key among n: its FNV-1a hash, modulo n.
func PartitionOf(key string, n int) int {
	h := fnv.New32a()
	h.Write([]byte(key))
	return int(h.Sum32() % uint32(n))
}

// TooLargeError says that Publish refused a record for its size.
type TooLargeError struct {
	Topic      Topic
	Bytes, Max int
}

func (e *TooLargeError) Error() string {
	return fmt.Sprintf("record of %d bytes: topic %s takes at most %d", e.Bytes, e.Topic, e.Max)
}
