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
	maxFrame    = 20 << 20 // of a request
	maxPlain    = 1 << 20  // of a request that produces nothing
	maxTags     = 16       // in a request's header
	keepFrame   = 64 << 10
)

// served are the requests that pass: what clients need to produce, to fetch (alone or in groups), to create topics
// and to look at them. kfake has more, but what nobody needs cannot hurt, and keys that it does not know end the process.
var served = map[kmsg.Key]bool{
	kmsg.Produce: true, kmsg.Fetch: true, kmsg.ListOffsets: true, kmsg.Metadata: true, kmsg.ApiVersions: true,
	kmsg.CreateTopics: true, kmsg.DeleteTopics: true, kmsg.CreatePartitions: true, kmsg.DescribeConfigs: true,
	kmsg.DescribeCluster: true, kmsg.InitProducerID: true, kmsg.OffsetForLeaderEpoch: true,
	kmsg.FindCoordinator: true, kmsg.OffsetCommit: true, kmsg.OffsetFetch: true, kmsg.JoinGroup: true,
	kmsg.Heartbeat: true, kmsg.LeaveGroup: true, kmsg.SyncGroup: true, kmsg.DescribeGroups: true, kmsg.ListGroups: true,
}

// guard is a client's connection. It lets no frame through that kfake would not survive, and gives records and answers
// the append time that kfake leaves out.
type guard struct {
	net.Conn
	log     *slog.Logger
	stamper stamper

	frame bytes.Buffer // what of the present frame has not been handed out
}

func newGuard(c net.Conn, log *slog.Logger) *guard { return &guard{Conn: c, log: log} }

// Read hands out the next bytes of a frame that has come whole and been looked at.
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

// Write passes an answer on; kfake writes each with one call.
func (g *guard) Write(p []byte) (int, error) {
	stamped := g.stamper.answer(p)
	if _, err := g.Conn.Write(stamped); err != nil {
		return 0, err
	}
	return len(p), nil
}

// next reads the next frame. Room is made as it comes, not as it claims.
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

// inspect refuses the head of a frame that kfake would not survive.
func inspect(head [frameHeader]byte) (size int, key kmsg.Key, version int16, err error) {
	be := binary.BigEndian
	size, key, version = int(be.Uint32(head[:])), kmsg.Key(int16(be.Uint16(head[4:]))), int16(be.Uint16(head[6:]))
	if size < frameHeader || size > maxFrame {
		return 0, 0, 0, fmt.Errorf("request of %d bytes: must be between %d and %d", size, frameHeader, maxFrame)
	}
	if !served[key] {
		return 0, 0, 0, fmt.Errorf("request %d is not served", key)
	}
	if size > maxPlain && key != kmsg.Produce {
		return 0, 0, 0, fmt.Errorf("%s request of %d bytes: must be at most %d", key.Name(), size, maxPlain)
	}
	newest := kmsg.RequestForKey(int16(key)).MaxVersion()
	if version < 0 || version > newest && key != kmsg.ApiVersions { // which a client asks for to learn what is too new
		return 0, 0, 0, fmt.Errorf("version %d of request %s: must be between 0 and %d", version, key.Name(), newest)
	}
	return size, key, version, nil
}

// inspectHeader refuses a request header that is cut short, or that claims billions of tags, over which kfake would
// brood for minutes.
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
