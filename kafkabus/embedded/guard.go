package embedded

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"log/slog"
	"net"

	"github.com/twmb/franz-go/pkg/kbin"
	"github.com/twmb/franz-go/pkg/kmsg"
)

const (
	frameHeader = 8        // size, key, version
	maxFrame    = 20 << 20 // of a produce request
	maxPlain    = 1 << 20  // of any other request
	maxTags     = 16       // in a request header
	keepFrame   = 64 << 10
)

// served are the accepted requests: those needed to produce, fetch (with or without groups), create and describe topics.
// kfake has more, but unused ones only add risk, and unknown keys end the process.
var served = map[kmsg.Key]bool{
	kmsg.Produce: true, kmsg.Fetch: true, kmsg.ListOffsets: true, kmsg.Metadata: true, kmsg.ApiVersions: true,
	kmsg.CreateTopics: true, kmsg.DeleteTopics: true, kmsg.CreatePartitions: true, kmsg.DescribeConfigs: true,
	kmsg.DescribeCluster: true, kmsg.InitProducerID: true, kmsg.OffsetForLeaderEpoch: true,
	kmsg.FindCoordinator: true, kmsg.OffsetCommit: true, kmsg.OffsetFetch: true, kmsg.JoinGroup: true,
	kmsg.Heartbeat: true, kmsg.LeaveGroup: true, kmsg.SyncGroup: true, kmsg.DescribeGroups: true, kmsg.ListGroups: true,
}

// guard is a client connection. It rejects frames that would crash kfake, and gives records and responses
// the append time that kfake omits.
type guard struct {
	net.Conn
	log     *slog.Logger
	stamper stamper

	frame bytes.Buffer // the part of the current frame not yet read
}

func newGuard(c net.Conn, log *slog.Logger) *guard { return &guard{Conn: c, log: log} }

// Read returns the next bytes of a frame that has been received completely and inspected.
func (g *guard) Read(p []byte) (int, error) {
	if g.frame.Len() == 0 {
		if err := g.next(); err != nil {
			g.frame.Reset()
			g.Conn.Close()
			return 0, err
		}
	}
	return g.frame.Read(p)
}

// Write passes on a response; kfake writes each with one call.
func (g *guard) Write(p []byte) (int, error) {
	stamped := g.stamper.answer(p)
	if _, err := g.Conn.Write(stamped); err != nil {
		return 0, err
	}
	return len(p), nil
}

// next reads the next frame. Memory grows with the bytes received, not with the claimed size.
func (g *guard) next() error {
	if g.frame.Cap() > keepFrame {
		g.frame = bytes.Buffer{}
	}
	g.frame.Reset()
	if _, err := io.CopyN(&g.frame, g.Conn, frameHeader); err != nil {
		return err
	}
	size, key, version, err := inspect([frameHeader]byte(g.frame.Bytes()))
	if err != nil {
		return g.refuse(err)
	}
	if _, err := io.CopyN(&g.frame, g.Conn, int64(size+4-frameHeader)); err != nil {
		return err
	}
	if err := inspectHeader(g.frame.Bytes(), key, version); err != nil {
		return g.refuse(err)
	}
	if key == kmsg.Produce {
		g.stamper.request(g.frame.Bytes(), version)
	}
	return nil
}

func (g *guard) refuse(err error) error {
	g.log.Warn("dropped a connection", "client", g.RemoteAddr(), "err", err)
	return err
}

// inspect rejects a frame whose header would crash kfake.
func inspect(head [frameHeader]byte) (size int, key kmsg.Key, version int16, err error) {
	be := binary.BigEndian
	size, key, version = int(be.Uint32(head[:])), kmsg.Key(int16(be.Uint16(head[4:]))), int16(be.Uint16(head[6:]))
	if size < frameHeader || size > maxFrame {
		return 0, 0, 0, fmt.Errorf("request of %d bytes: must be between %d and %d", size, frameHeader, maxFrame)
	}
	if !served[key] {
		return 0, 0, 0, fmt.Errorf("request %d is not supported", key)
	}
	if size > maxPlain && key != kmsg.Produce {
		return 0, 0, 0, fmt.Errorf("%s request of %d bytes: must be at most %d", key.Name(), size, maxPlain)
	}
	newest := kmsg.RequestForKey(int16(key)).MaxVersion()
	if version < 0 || version > newest && key != kmsg.ApiVersions { // clients use this request to find out which versions are supported
		return 0, 0, 0, fmt.Errorf("version %d of request %s: must be between 0 and %d", version, key.Name(), newest)
	}
	return size, key, version, nil
}

// inspectHeader rejects a request header that is truncated or claims billions of tags, which would keep kfake busy
// for minutes.
func inspectHeader(frame []byte, key kmsg.Key, version int16) error {
	r := kbin.Reader{Src: frame[frameHeader:]}
	r.Int32()          // correlation
	r.NullableString() // client id
	req := kmsg.RequestForKey(int16(key))
	req.SetVersion(version)
	tags := uint32(0)
	if req.IsFlexible() {
		tags = r.Uvarint()
	}
	if !r.Ok() || tags > maxTags {
		return fmt.Errorf("malformed header of a %s request", key.Name())
	}
	return nil
}
