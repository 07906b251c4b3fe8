package membus

import (
	"bytes"
	"sort"
	"sync"
	"time"

	"landfall/node"
)

// topic holds the newest records of each partition.
type topic struct {
	mu         sync.Mutex
	name       node.Topic
	partitions []partition
	grown      chan struct{} // closed and replaced with every record
}

type partition struct {
	first   int64 // offset of records[0]
	records []node.Record
	bytes   int
}

func newTopic(name node.Topic) *topic {
	return &topic{name: name, partitions: make([]partition, name.Partitions()), grown: make(chan struct{})}
}

func (t *topic) append(key string, value []byte, clock func() time.Time, keep int) node.Record {
	t.mu.Lock()
	defer t.mu.Unlock()
	i := node.PartitionOf(key, len(t.partitions))
	p := &t.partitions[i]
	rec := node.Record{Topic: t.name, Partition: i, Offset: p.end(), Appended: time.UnixMilli(clock().UnixMilli()),
		Key: key, Value: bytes.Clone(value)}
	p.records = append(p.records, rec)
	p.bytes += size(rec)
	p.trim(keep / len(t.partitions))
	close(t.grown)
	t.grown = make(chan struct{})
	return rec
}

// read returns up to most records of partition i from an offset on, and the offset of the first: later than requested
// if the older ones are gone.
func (t *topic) read(i int, from int64, most int) ([]node.Record, int64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	p := &t.partitions[i]
	from = min(max(from, p.first), p.end())
	recs := p.records[from-p.first:]
	return append([]node.Record(nil), recs[:min(len(recs), most)]...), from
}

// positions returns the start offset of a reader and the current end of each partition.
func (t *topic) positions(from node.From) (begin, end []int64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for i := range t.partitions {
		begin = append(begin, t.partitions[i].since(from.Since))
		end = append(end, t.partitions[i].end())
	}
	return begin, end
}

// growth returns a channel that is closed when the next record is appended.
func (t *topic) growth() <-chan struct{} {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.grown
}

func (p *partition) end() int64 { return p.first + int64(len(p.records)) }

// since returns the offset of the first record stamped at or after a time, compared in whole milliseconds like in Kafka.
func (p *partition) since(at time.Time) int64 {
	if at.IsZero() {
		return p.first
	}
	ms := at.UnixMilli()
	return p.first + int64(sort.Search(len(p.records), func(i int) bool { return p.records[i].Appended.UnixMilli() >= ms }))
}

func (p *partition) trim(keep int) {
	for p.bytes > keep && len(p.records) > 1 {
		p.bytes -= size(p.records[0])
		p.records[0] = node.Record{} // the array outlives its first element: release the bytes now
		p.records = p.records[1:]
		p.first++
	}
}

func size(r node.Record) int { return len(r.Key) + len(r.Value) }
