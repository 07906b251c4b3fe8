package node

import (
	"fmt"
	"hash/fnv"
)

// Partitions returns the number of partitions with which a topic is created.
func (t Topic) Partitions() int {
	if t == TopicMetrics {
		return 4
	}
	return 1
}

// MaxBytes returns the maximum size of a record's key and value together. It is a little less than the broker's limit
// (16 and 2 MiB), which includes the framing of a record.
func (t Topic) MaxBytes() int {
	const framing = 4 << 10
	if t == TopicTestConfig || t == TopicResults || t == TopicKeys {
		return 16<<20 - framing
	}
	return 2<<20 - framing
}

// Fits returns a *TooLargeError if a record exceeds the maximum size of its topic.
func (t Topic) Fits(key string, value []byte) error {
	if n := len(key) + len(value); n > t.MaxBytes() {
		return &TooLargeError{Topic: t, Bytes: n, Max: t.MaxBytes()}
	}
	return nil
}

// PartitionOf returns the partition of a key among n: its FNV-1a hash modulo n.
func PartitionOf(key string, n int) int {
	h := fnv.New32a()
	h.Write([]byte(key))
	return int(h.Sum32() % uint32(n))
}

// TooLargeError means that Publish rejected a record because of its size.
type TooLargeError struct {
	Topic      Topic
	Bytes, Max int
}

func (e *TooLargeError) Error() string {
	return fmt.Sprintf("record of %d bytes: topic %s accepts at most %d", e.Bytes, e.Topic, e.Max)
}
