package embedded

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"testing"
	"time"

	"github.com/segmentio/kafka-go"
	"github.com/segmentio/kafka-go/protocol"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// frame returns a request with any body.
func frame(key, version int16, flexible bool, body []byte) []byte {
	be := binary.BigEndian
	f := be.AppendUint16(make([]byte, 4), uint16(key))
	f = be.AppendUint16(f, uint16(version))
	f = append(f, 0, 0, 0, 1, 0xff, 0xff) // correlation, no client id
	if flexible {
		f = append(f, 0)
	}
	f = append(f, body...)
	be.PutUint32(f, uint32(len(f)-4))
	return f
}

// request returns a well-formed request of a kind, as far as possible.
func request(key, version int16) []byte {
	r := kmsg.RequestForKey(key)
	if r == nil || version < 0 || version > r.MaxVersion() {
		return frame(key, version, false, nil)
	}
	r.SetVersion(version)
	return frame(key, version, r.IsFlexible(), r.AppendTo(nil))
}

// TestRubbish sends every request in every version, intact, corrupted and random, then bytes that are
// not requests. kfake panics at many of them; a panic ends this test.
func TestRubbish(t *testing.T) {
	b := start(t, Config{})
	rng := rand.New(rand.NewPCG(1, 2))
	for key := int16(-1); key < 100; key++ {
		newest := int16(2)
		if r := kmsg.RequestForKey(key); r != nil {
			newest = r.MaxVersion()
		}
		for version := int16(-1); version <= newest+1; version++ {
			whole := request(key, version)
			send(t, b.Addr(), whole)
			for range 8 {
				send(t, b.Addr(), mangled(rng, whole))
			}
		}
	}
	for range 500 {
		junk := make([]byte, rng.IntN(200))
		fill(rng, junk)
		send(t, b.Addr(), junk)
	}
	c := client(t, b.Addr())
	create(t, c, "t")
	produce(t, c, "t", kafka.Record{Value: kafka.NewBytes([]byte("still here"))})
	select {
	case <-b.Done():
		t.Errorf("the broker ended: %v", b.Err())
	default:
	}
}

func mangled(rng *rand.Rand, whole []byte) []byte {
	f := bytes.Clone(whole)
	if rng.IntN(2) == 0 {
		extra := make([]byte, rng.IntN(40))
		fill(rng, extra)
		f = append(f[:min(len(f), 14)], extra...)
	}
	for range rng.IntN(6) {
		if len(f) > frameHeader {
			f[frameHeader+rng.IntN(len(f)-frameHeader)] = byte(rng.Uint32())
		}
	}
	binary.BigEndian.PutUint32(f, uint32(len(f)-4))
	return f
}

func fill(rng *rand.Rand, b []byte) {
	for i := range b {
		b[i] = byte(rng.Uint32())
	}
}

// send writes bytes, waits briefly for an answer, and disconnects.
func send(t *testing.T, addr string, b []byte) {
	c, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatalf("the broker is gone: %v", err)
	}
	defer c.Close()
	c.Write(b)
	c.(*net.TCPConn).CloseWrite() // kfake disconnects when it has read everything
	c.SetReadDeadline(time.Now().Add(5 * time.Millisecond))
	c.Read(make([]byte, 64))
}

func TestRubbishBatches(t *testing.T) {
	c := client(t, start(t, Config{}).Addr())
	create(t, c, "t")
	rng := rand.New(rand.NewPCG(3, 4))
	for range 300 {
		batch := make([]byte, 61+rng.IntN(100))
		fill(rng, batch)
		be := binary.BigEndian
		be.PutUint64(batch, 0)
		be.PutUint32(batch[8:], uint32(len(batch)-12))
		batch[16] = 2
		be.PutUint16(batch[21:], uint16(rng.IntN(16)))
		n := rng.Uint32N(5)
		be.PutUint32(batch[23:], n-1)
		be.PutUint64(batch[43:], ^uint64(0)) // no producer id
		be.PutUint32(batch[57:], n)
		stampChecksum(batch)
		sendBatch(t, c, batch)
	}
	produce(t, c, "t", kafka.Record{Value: kafka.NewBytes([]byte("still here"))})
	offset := kafka.TimeOffsetOf(0, time.Now().Add(-time.Hour)) // has to look into batches
	if _, err := c.ListOffsets(t.Context(), &kafka.ListOffsetsRequest{Topics: map[string][]kafka.OffsetRequest{"t": {offset}}}); err != nil {
		t.Error(err)
	}
}

// compressed returns a batch of one record whose attributes name its compression.
func compressed(t *testing.T, kind protocol.Attributes, value []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	records := protocol.NewRecordReader(protocol.Record{Time: time.Now(), Value: protocol.NewBytes(value)})
	if _, err := (&protocol.RecordSet{Version: 2, Attributes: kind, Records: records}).WriteTo(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()[4:]
}

// Batches that would take much memory to decompress are rejected.
func TestBombs(t *testing.T) {
	c := client(t, start(t, Config{}).Addr())
	create(t, c, "t")
	for kind := protocol.Gzip; kind <= protocol.Zstd; kind++ {
		sendBatch(t, c, compressed(t, kind, make([]byte, maxUnpacked)))
		if kind != protocol.Lz4 {
			sendBatch(t, c, compressed(t, kind, []byte("small")))
		}
	}
	sendBatch(t, c, compressed(t, protocol.Lz4, []byte("kept")))
	got, _ := fetch(t, c, "t", 0)
	if len(got) != 1 {
		t.Fatalf("kept %d records, want 1", len(got))
	}
	if value, _ := protocol.ReadAll(got[0].Value); string(value) != "kept" {
		t.Errorf("kept %.20q", value)
	}
}

// sinkConn is a connection with given input that records its output.
type sinkConn struct {
	net.Conn
	in  io.Reader
	out bytes.Buffer
}

func (s *sinkConn) Read(p []byte) (int, error)  { return s.in.Read(p) }
func (s *sinkConn) Write(p []byte) (int, error) { return s.out.Write(p) }
func (s *sinkConn) Close() error                { return nil }
func (s *sinkConn) RemoteAddr() net.Addr        { return address("test:1") }

// FuzzGuard checks that the guard only passes on complete, known frames of the size they claim.
func FuzzGuard(f *testing.F) {
	for _, key := range []int16{0, 1, 3, 18, 19, 99} {
		f.Add(request(key, 3))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		g := newGuard(&sinkConn{in: bytes.NewReader(in)}, slog.New(slog.DiscardHandler))
		out, _ := io.ReadAll(io.LimitReader(g, int64(len(in))+1))
		if len(out) > len(in) {
			t.Fatalf("%d bytes from %d", len(out), len(in))
		}
		for rest := out; len(rest) >= frameHeader; {
			size, key, _, err := inspect([frameHeader]byte(rest))
			if err != nil || !served[key] {
				t.Fatalf("let through: %v", err)
			}
			rest = rest[min(len(rest), size+4):]
		}
		g.Write(in) // as a response
	})
}

func stampChecksum(batch []byte) {
	binary.BigEndian.PutUint32(batch[17:], crc32.Checksum(batch[21:], castagnoli))
}

func sendBatch(t *testing.T, c *kafka.Client, batch []byte) {
	t.Helper()
	sized := append(binary.BigEndian.AppendUint32(nil, uint32(len(batch))), batch...)
	_, err := c.RawProduce(t.Context(), &kafka.RawProduceRequest{Topic: "t", RequiredAcks: kafka.RequireAll,
		RawRecords: protocol.RawRecordSet{Reader: bytes.NewReader(sized)}})
	if err != nil {
		t.Fatalf("RawProduce: %v", err) // the broker's refusal is in the answer
	}
}
