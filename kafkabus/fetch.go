package kafkabus

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/segmentio/kafka-go"
	"github.com/segmentio/kafka-go/protocol"
)

const (
	correlation = 1 // a connection has one request in flight, and is closed after a failure
	maxAnswer   = 96 << 20
)

// fetch requests the records of one partition from an offset on. The Transport finds the leader and a
// connection, but the exchange is implemented here, for the reason given in batch.go.
// Format: https://kafka.apache.org/protocol#The_Messages_Fetch, versions 4 to 11.
type fetch struct {
	clientID  string
	topic     string
	partition int32
	offset    int64
	maxBytes  int32
	maxWait   time.Duration
	buffer    []byte // reused for the response if it is large enough

	version int16
}

// fetched is the response to a fetch.
type fetched struct {
	records []byte // batches; the last one may be truncated
	buffer  []byte // backing array of records, for reuse
}

var (
	_ protocol.BrokerMessage = (*fetch)(nil)
	_ protocol.RawExchanger  = (*fetch)(nil)
)

func (*fetch) ApiKey() protocol.ApiKey   { return protocol.Fetch }
func (*fetched) ApiKey() protocol.ApiKey { return protocol.Fetch }

// Broker returns the leader of the partition.
func (f *fetch) Broker(cluster protocol.Cluster) (protocol.Broker, error) {
	p, ok := cluster.Topics[f.topic].Partitions[f.partition]
	if !ok {
		return protocol.Broker{ID: -1}, kafka.UnknownTopicOrPartition
	}
	leader, ok := cluster.Brokers[p.Leader]
	if !ok {
		return protocol.Broker{ID: -1}, kafka.LeaderNotAvailable
	}
	return leader, nil
}

// Required reports that the raw exchange is always used.
func (f *fetch) Required(versions map[protocol.ApiKey]int16) bool {
	f.version = versions[protocol.Fetch]
	return true
}

// RawExchange writes the request and reads the response.
func (f *fetch) RawExchange(rw io.ReadWriter) (protocol.Message, error) {
	if f.version < 4 || f.version > 11 {
		return nil, fmt.Errorf("the broker supports version %d of fetch: must be between 4 and 11", f.version)
	}
	if _, err := rw.Write(f.encode()); err != nil {
		return nil, err
	}
	frame, err := f.readFrame(rw)
	if err != nil {
		return nil, err
	}
	records, err := f.decode(frame)
	if err != nil {
		return nil, err
	}
	return &fetched{records: records, buffer: frame}, nil
}

func (f *fetch) encode() []byte {
	be := binary.BigEndian
	b := make([]byte, 4, 128) // the size is filled in at the end
	b = be.AppendUint16(b, uint16(protocol.Fetch))
	b = be.AppendUint16(b, uint16(f.version))
	b = be.AppendUint32(b, correlation)
	b = appendString(b, f.clientID)
	b = be.AppendUint32(b, ^uint32(0)) // not a replica
	b = be.AppendUint32(b, uint32(f.maxWait.Milliseconds()))
	b = be.AppendUint32(b, 1) // minimum number of bytes
	b = be.AppendUint32(b, uint32(f.maxBytes))
	b = append(b, 0) // isolation: read uncommitted
	if f.version >= 7 {
		b = be.AppendUint32(b, 0)          // no session
		b = be.AppendUint32(b, ^uint32(0)) // epoch
	}
	b = be.AppendUint32(b, 1)
	b = appendString(b, f.topic)
	b = be.AppendUint32(b, 1)
	b = f.appendPartition(b)
	if f.version >= 7 {
		b = be.AppendUint32(b, 0) // no forgotten topics
	}
	if f.version >= 11 {
		b = appendString(b, "") // rack
	}
	be.PutUint32(b, uint32(len(b)-4))
	return b
}

func (f *fetch) appendPartition(b []byte) []byte {
	be := binary.BigEndian
	b = be.AppendUint32(b, uint32(f.partition))
	if f.version >= 9 {
		b = be.AppendUint32(b, ^uint32(0)) // leader epoch: unknown
	}
	b = be.AppendUint64(b, uint64(f.offset))
	if f.version >= 5 {
		b = be.AppendUint64(b, ^uint64(0)) // log start: only replicas know
	}
	return be.AppendUint32(b, uint32(f.maxBytes))
}

func (f *fetch) readFrame(r io.Reader) ([]byte, error) {
	var head [4]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return nil, err
	}
	size := binary.BigEndian.Uint32(head[:])
	if size > maxAnswer {
		return nil, fmt.Errorf("fetch response of %d bytes", size)
	}
	frame := f.buffer
	if uint32(cap(frame)) < size {
		frame = make([]byte, size)
	}
	frame = frame[:size]
	_, err := io.ReadFull(r, frame)
	return frame, err
}

// decode returns the records of a response, or its error.
func (f *fetch) decode(frame []byte) ([]byte, error) {
	d := decoder{data: frame}
	if id := d.int32(); id != correlation {
		return nil, fmt.Errorf("response to request %d", id)
	}
	d.int32() // throttle time
	if f.version >= 7 {
		if code := d.int16(); code != 0 {
			return nil, kafka.Error(code)
		}
		d.int32() // session
	}
	if topics := d.int32(); topics != 1 && !d.failed {
		return nil, fmt.Errorf("fetch response with %d topics", topics)
	}
	d.bytes(int64(d.int16())) // name
	if partitions := d.int32(); partitions != 1 && !d.failed {
		return nil, fmt.Errorf("fetch response with %d partitions", partitions)
	}
	return f.decodePartition(&d)
}

func (f *fetch) decodePartition(d *decoder) ([]byte, error) {
	d.int32() // index
	code := d.int16()
	d.int64() // high-water mark
	d.int64() // last stable offset
	if f.version >= 5 {
		d.int64() // log start
	}
	if aborted := d.int32(); aborted > 0 {
		d.bytes(int64(aborted) * 16)
	}
	if f.version >= 11 {
		d.int32() // preferred replica
	}
	records := d.nullable(int64(d.int32()))
	if code != 0 {
		return nil, kafka.Error(code)
	}
	if d.failed {
		return nil, errors.New("malformed fetch response")
	}
	return records, nil
}

func appendString(b []byte, s string) []byte {
	b = binary.BigEndian.AppendUint16(b, uint16(len(s)))
	return append(b, s...)
}
