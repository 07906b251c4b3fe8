package engine

import (
	"net"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

func TestStampedRead(t *testing.T) {
	for network, noted := range map[string]bool{"tcp": true, "unix": false} {
		t.Run(network, func(t *testing.T) {
			mine, other := connected(t, network)
			stamp(mine)
			var r stampedRead
			b := make([]byte, 16)
			if _, _, err := r.read(mine, b); err != unix.EAGAIN {
				t.Errorf("nothing to read: %v", err)
			}
			const pause = 50 * time.Millisecond
			for range 3 { // the kernel may need some time before it records the first one
				before := time.Now()
				other.Write([]byte("ok"))
				time.Sleep(pause)
				n, at, err := r.read(mine, b)
				if n != 2 || err != 0 {
					t.Fatalf("%d bytes, %v", n, err)
				}
				if early := at - before.UnixNano(); noted && early >= 0 && early < int64(pause) || !noted && at == 0 {
					return
				}
			}
			t.Error("no read told when the bytes came")
		})
	}
}

// connected returns a connection: the non-blocking descriptor of one end, and the other end.
func connected(t *testing.T, network string) (fd int, other net.Conn) {
	addr := "127.0.0.1:0"
	if network == "unix" {
		addr = t.TempDir() + "/s"
	}
	ln, err := net.Listen(network, addr)
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	c, err := net.Dial(network, ln.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	if other, err = ln.Accept(); err != nil {
		t.Fatal(err)
	}
	if fd, err = detach(c); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { other.Close(); unix.Close(fd) })
	return fd, other
}
