package kafkabus

import (
	"context"
	"encoding/binary"
	"fmt"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/segmentio/kafka-go"
	"github.com/segmentio/kafka-go/protocol/listoffsets"

	"landfall/node"
)

// reading is a cursor without a broker, and the records that it delivers.
type reading struct {
	*cursor
	log    []string // records as offset=value, gaps as from-to
	onEach func()
}

func newReading(t *testing.T) *reading {
	t.Helper()
	bus, err := newBus(Config{Brokers: []string{"127.0.0.1:1"}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { bus.Close() })
	r := &reading{onEach: func() {}}
	tail := &tail{bus: bus, topic: node.TopicTrigger, reader: node.Reader{
		Record: func(rec node.Record) {
			r.log = append(r.log, fmt.Sprintf("%d=%s", rec.Offset, rec.Value))
			r.onEach()
		},
		Missing: func(_ int, from, to int64) { r.log = append(r.log, fmt.Sprintf("%d-%d", from, to)) },
	}}
	r.cursor = tail.cursor(0)
	return r
}

// at returns a batch whose first record has an offset.
func at(t *testing.T, offset int64, values ...string) []byte {
	b := encoded(t, 0, values...)
	binary.BigEndian.PutUint64(b, uint64(offset)) // not in the checksum
	return b
}

func TestEveryRecordIsDeliveredOnceAndGapsAreReported(t *testing.T) {
	for name, c := range map[string]struct {
		next   int64
		answer [][]byte
		want   string
		after  int64
	}{
		"in order":                 {0, [][]byte{at(t, 0, "a", "b"), at(t, 2, "c")}, "0=a 1=b 2=c", 3},
		"from within a batch":      {1, [][]byte{at(t, 0, "a", "b"), at(t, 2, "c")}, "1=b 2=c", 3},
		"a batch read before":      {2, [][]byte{at(t, 0, "a", "b"), at(t, 2, "c")}, "2=c", 3},
		"a gap":                    {0, [][]byte{at(t, 3, "d"), at(t, 7, "h")}, "0-3 3=d 4-7 7=h", 8},
		"the last one is cut off":  {0, [][]byte{at(t, 0, "a"), at(t, 1, "b")[:20]}, "0=a", 1},
		"the end of the partition": {4, nil, "", 4},
	} {
		r := newReading(t)
		r.next = c.next
		if err := r.deliver(t.Context(), slices.Concat(c.answer...)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if got := strings.Join(r.log, " "); got != c.want || r.next != c.after {
			t.Errorf("%s: %s, next %d; want %s, next %d", name, got, r.next, c.want, c.after)
		}
	}
	damaged := at(t, 1, "b")
	damaged[len(damaged)-1] ^= 1
	r := newReading(t)
	if err := r.deliver(t.Context(), slices.Concat(at(t, 0, "a"), damaged)); err != nil || strings.Join(r.log, " ") != "0=a 1-2" || r.next != 2 {
		t.Errorf("a damaged batch is not missing alone: %q, next %d, %v", r.log, r.next, err)
	}
}

// A batch larger than the fetch size is fetched again with twice the size, up to a limit.
func TestFetchSizeGrowsUntilABatchFits(t *testing.T) {
	r := newReading(t)
	r.maxBytes = fetchBytes
	for _, want := range []int32{2 * fetchBytes, 4 * fetchBytes} {
		if err := r.deliver(t.Context(), at(t, 0, "a")[:30]); err == nil || r.maxBytes != want {
			t.Errorf("%d bytes, %v; want %d and an error", r.maxBytes, err, want)
		}
	}
	r.maxBytes = maxFetchBytes
	if _ = r.deliver(t.Context(), at(t, 0, "a")[:30]); r.maxBytes != maxFetchBytes {
		t.Errorf("%d bytes, want at most %d", r.maxBytes, maxFetchBytes)
	}
	if err := r.deliver(t.Context(), at(t, 0, "a")); err != nil || r.maxBytes != fetchBytes {
		t.Errorf("%d bytes, %v; want %d after a batch that fits", r.maxBytes, err, fetchBytes)
	}
}

// A canceled reader gets no further records.
func TestNoRecordAfterTheEndOfTheContext(t *testing.T) {
	r := newReading(t)
	ctx, cancel := context.WithCancel(t.Context())
	r.onEach = cancel
	if err := r.deliver(ctx, slices.Concat(at(t, 0, "a", "b"), at(t, 2, "c"))); err != nil || strings.Join(r.log, " ") != "0=a" {
		t.Errorf("%q, %v", r.log, err)
	}
}

// offsets answers requests for the offsets of a partition that starts at 5 and ends before 9, whose records are new from 7 on.
type offsets struct{ err int16 }

func (o offsets) RoundTrip(_ context.Context, _ net.Addr, request kafka.Request) (kafka.Response, error) {
	response := &listoffsets.Response{}
	for _, topic := range request.(*listoffsets.Request).Topics {
		answer := listoffsets.ResponseTopic{Topic: topic.Topic}
		for _, p := range topic.Partitions {
			offset := map[int64]int64{-2: 5, -1: 9}[p.Timestamp]
			switch {
			case p.Timestamp > time.Now().UnixMilli():
				offset = -1
			case p.Timestamp >= 0:
				offset = 7
			}
			answer.Partitions = append(answer.Partitions, listoffsets.ResponsePartition{Partition: p.Partition, ErrorCode: o.err, Timestamp: p.Timestamp, Offset: offset})
		}
		response.Topics = append(response.Topics, answer)
	}
	return response, nil
}

func TestLocate(t *testing.T) {
	for name, c := range map[string]struct {
		since time.Time
		want  int64
	}{"all": {time.Time{}, 5}, "since a time": {time.Now().Add(-time.Minute), 7}, "since later than the last": {time.Now().Add(time.Hour), 9}} {
		r := newReading(t)
		r.tail.bus.client.Transport = offsets{}
		if err := r.locate(t.Context(), node.From{Since: c.since}); err != nil || r.next != c.want || r.end != 9 {
			t.Errorf("%s: next %d, end %d, %v; want %d and 9", name, r.next, r.end, err, c.want)
		}
		r.tail.pending = 2 // another partition is not live
		if r.checkLive(); c.want < 9 && r.tail.pending != 2 {
			t.Errorf("%s: live before the end", name)
		}
		r.next = 9
		r.checkLive()
		if r.checkLive(); r.tail.pending != 1 {
			t.Errorf("%s: %d partitions are pending at the end of this one", name, r.tail.pending)
		}
	}
	r := newReading(t)
	r.tail.bus.client.Transport = offsets{err: int16(kafka.NotLeaderForPartition)}
	if err := r.locate(t.Context(), node.From{}); err == nil {
		t.Error("the partition's error is lost")
	}
}

// After an error that may mean that the log was replaced, a position outside of it is abandoned, and the missing records are reported.
func TestPositionOutsideTheLogIsGivenUp(t *testing.T) {
	for _, c := range []struct {
		next      int64
		located   bool
		err       error
		want      string
		afterward int64
	}{
		{2, true, kafka.OffsetOutOfRange, "2-5", 5},
		{20, true, kafka.UnknownTopicOrPartition, "20-5", 5},
		{7, true, kafka.OffsetOutOfRange, "", 7},
		{20, true, kafka.RequestTimedOut, "", 20},
		{20, false, kafka.OffsetOutOfRange, "", 20},
	} {
		r := newReading(t)
		r.tail.bus.client.Transport = offsets{}
		r.next, r.end, r.located = c.next, 30, c.located
		r.recheck(t.Context(), c.err)
		if got := strings.Join(r.log, " "); got != c.want || r.next != c.afterward {
			t.Errorf("at %d after %v: %q, next %d; want %q, next %d", c.next, c.err, got, r.next, c.want, c.afterward)
		}
		if moved := c.next != c.afterward; moved != (r.end == 9) {
			t.Errorf("at %d after %v: live at %d", c.next, c.err, r.end)
		}
	}
}
