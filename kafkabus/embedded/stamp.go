package embedded

import (
	"encoding/binary"
	"hash/crc32"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kbin"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// kfake knows nothing of message.timestamp.type=LogAppendTime. So that it holds for every record here, record batches
// are given the broker's time on their way in, and the answer names it. (Setting the attribute that says so would make
// kfake put a time into the batch itself, and leave a checksum that no longer fits.)
// Format: https://kafka.apache.org/documentation/#recordbatch

const (
	batchHeader   = 61
	logAppendTime = 1 << 3
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// stamper stamps what one connection produces.
type stamper struct {
	mu      sync.Mutex
	pending map[int32]stamp // by correlation
}

type stamp struct {
	version int16
	ms      int64
}

// request stamps every record batch of a produce request in place. One that it cannot read it leaves to kfake to refuse.
func (s *stamper) request(frame []byte, version int16) {
	r := kbin.Reader{Src: frame[frameHeader:]}
	correlation := r.Int32()
	r.NullableString() // client id
	req := kmsg.NewPtrProduceRequest()
	req.Version = version
	if req.IsFlexible() {
		kmsg.SkipTags(&r)
	}
	if !r.Ok() || req.ReadFrom(r.Src) != nil {
		return
	}
	now := time.Now().UnixMilli()
	for _, t := range req.Topics {
		for _, p := range t.Partitions {
			stampBatch(p.Records, now) // a part of frame
		}
	}
	if req.Acks != 0 {
		s.expect(correlation, stamp{version: version, ms: now})
	}
}

// answer writes the stamp into the answer to a request that was stamped, and returns every other as it is.
func (s *stamper) answer(frame []byte) []byte {
	if len(frame) < frameHeader {
		return frame
	}
	st, ok := s.take(int32(binary.BigEndian.Uint32(frame[4:])))
	if !ok {
		return frame
	}
	res := kmsg.NewPtrProduceResponse()
	res.Version = st.version
	body := frameHeader
	if res.IsFlexible() {
		body++ // no tags
	}
	if len(frame) < body || res.ReadFrom(frame[body:]) != nil {
		return frame
	}
	for i := range res.Topics {
		for j := range res.Topics[i].Partitions {
			if p := &res.Topics[i].Partitions[j]; p.ErrorCode == 0 {
				p.LogAppendTime = st.ms
			}
		}
	}
	out := res.AppendTo(append([]byte(nil), frame[:body]...))
	binary.BigEndian.PutUint32(out, uint32(len(out)-4))
	return out
}

func (s *stamper) expect(correlation int32, st stamp) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.pending == nil {
		s.pending = map[int32]stamp{}
	}
	s.pending[correlation] = st
}

func (s *stamper) take(correlation int32) (stamp, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	st, ok := s.pending[correlation]
	delete(s.pending, correlation)
	return st, ok
}

// stampBatch gives a record batch a time, in milliseconds. A batch that is damaged stays so; one that must not be decompressed
// is marked with a compression that kfake refuses.
func stampBatch(b []byte, ms int64) {
	be := binary.BigEndian
	if len(b) < batchHeader || b[16] != 2 || be.Uint32(b[17:]) != crc32.Checksum(b[21:], castagnoli) {
		return
	}
	if unpackable(b) != nil {
		be.PutUint16(b[21:], be.Uint16(b[21:])|compression)
	}
	span := max(int64(be.Uint64(b[35:]))-int64(be.Uint64(b[27:])), 0) // records hold their distance from the first
	be.PutUint16(b[21:], be.Uint16(b[21:])&^logAppendTime)
	be.PutUint64(b[27:], uint64(ms-span))
	be.PutUint64(b[35:], uint64(ms))
	be.PutUint32(b[17:], crc32.Checksum(b[21:], castagnoli))
}
