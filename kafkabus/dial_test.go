//go:build unix

package kafkabus_test

import (
	"io"
	"net"
	"os"
	"path/filepath"
	"slices"
	"sync/atomic"
	"testing"

	"landfall/kafkabus"
	"landfall/kafkabus/kafkatest"
	"landfall/node"
)

// A broker is reached through the socket of a tunnel instead of its advertised address.
func TestDialInstead(t *testing.T) {
	addr := kafkatest.StartEmbedded(t, "", "").Brokers()[0]
	socket, used := tunnel(t, addr)
	bus := open(t, []string{"nowhere.invalid:1"}, func(c *kafkabus.Config) {
		c.Dial = map[string]string{"nowhere.invalid:1": addr, addr: "unix:" + socket}
	})
	if list, err := bus.Brokers(t.Context()); err != nil || !slices.Equal(list, []string{addr}) {
		t.Errorf("brokers %q, %v, want %s", list, err, addr)
	}
	publish(t, bus, node.TopicHeartbeat, "k", []byte("x"))
	if used.Load() == 0 {
		t.Error("the socket was not dialled")
	}
}

// tunnel forwards connections from a socket to addr and counts them, until the test ends.
func tunnel(t *testing.T, addr string) (socket string, used *atomic.Int64) {
	dir, err := os.MkdirTemp("", "tunnel") // short: the length of a socket's path is limited
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	socket = filepath.Join(dir, "k")
	ln, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ln.Close() })
	used = new(atomic.Int64)
	go func() {
		for {
			near, err := ln.Accept()
			if err != nil {
				return
			}
			used.Add(1)
			far, err := net.Dial("tcp", addr)
			if err != nil {
				near.Close()
				continue
			}
			go func() { defer far.Close(); _, _ = io.Copy(far, near) }()
			go func() { defer near.Close(); _, _ = io.Copy(near, far) }()
		}
	}()
	return socket, used
}
