package embedded

import (
	"encoding/binary"
	"fmt"
	"io"
	"log/slog"
	"net"

	"github.com/twmb/franz-go/pkg/kmsg"
)

const (
	frameHeader = 8        // size, key, version
	maxFrame    = 20 << 20 // of a request; kfake makes room for it before it has come
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

	ready []byte // to be handed out before anything else is read
	left  int    // bytes of the frame that are yet to be read, behind ready
	head  [frameHeader]byte
}

func newGuard(c net.Conn, log *slog.Logger) *guard { return &guard{Conn: c, log: log} }

// Read hands out the next bytes of a frame that has been looked at.
func (g *guard) Read(p []byte) (int, error) {
	if len(g.ready) == 0 && g.left == 0 {
		if err := g.open(); err != nil {
			g.Conn.Close()
			return 0, err
		}
	}
	if len(g.ready) > 0 {
		n := copy(p, g.ready)
		g.ready = g.ready[n:]
		return n, nil
	}
	n, err := g.Conn.Read(p[:min(len(p), g.left)])
	g.left -= n
	return n, err
}

// Write passes an answer on; kfake writes each with one call.
func (g *guard) Write(p []byte) (int, error) {
	stamped := g.stamper.answer(p)
	if _, err := g.Conn.Write(stamped); err != nil {
		return 0, err
	}
	return len(p), nil
}

// open reads the head of the next frame, and all of it where it has records to be stamped.
func (g *guard) open() error {
	if _, err := io.ReadFull(g.Conn, g.head[:]); err != nil {
		return err
	}
	size, key, version, err := inspect(g.head)
	if err != nil {
		g.log.Warn("dropped a connection", "client", g.RemoteAddr(), "err", err)
		return err
	}
	rest := size + 4 - frameHeader
	if key != kmsg.Produce {
		g.ready, g.left = g.head[:], rest
		return nil
	}
	frame := make([]byte, frameHeader+rest)
	copy(frame, g.head[:])
	if _, err := io.ReadFull(g.Conn, frame[frameHeader:]); err != nil {
		return err
	}
	g.stamper.request(frame, version)
	g.ready = frame
	return nil
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
	newest := kmsg.RequestForKey(int16(key)).MaxVersion()
	if version < 0 || version > newest && key != kmsg.ApiVersions { // which a client asks for to learn what is too new
		return 0, 0, 0, fmt.Errorf("version %d of request %s: must be between 0 and %d", version, key.Name(), newest)
	}
	return size, key, version, nil
}
