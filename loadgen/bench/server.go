//go:build unix

package main

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http/httptest"
	"sync/atomic"
	"time"
)

// answer has Connection: keep-alive, which ab requires.
const answer = "HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nok"

// span is the number of milliseconds for which arrivals are counted.
const span = 120_000

// stallWord on standard input makes the server stall for stallFor.
const stallWord = "stall"

// counter counts requests, in total and per millisecond.
type counter struct {
	began    time.Time
	requests atomic.Int64
	until    atomic.Int64 // end of a stall, in Unix nanoseconds
	perMS    [span]atomic.Int32
}

// counts are the counters since the last query.
type counts struct {
	Requests int64
	Burst    float64 // variance ÷ mean of arrivals per millisecond, without the first and the last tenth
}

// addresses are the server's addresses.
type addresses struct{ Plain, TLS, H2C string }

func (c *counter) arrived() {
	c.requests.Add(1)
	if ms := time.Since(c.began).Milliseconds(); ms < span {
		c.perMS[ms].Add(1)
	}
}

// take returns and resets the counters. No request may be in flight.
func (c *counter) take() counts {
	first, last := -1, -1
	for i := range c.perMS {
		if c.perMS[i].Load() > 0 {
			if last = i; first < 0 {
				first = i
			}
		}
	}
	out := counts{Requests: c.requests.Swap(0)}
	if edge := (last - first) / 10; edge > 0 {
		out.Burst = c.burst(first+edge, last-edge)
	}
	for i := range c.perMS {
		c.perMS[i].Store(0)
	}
	c.began = time.Now()
	return out
}

func (c *counter) burst(from, to int) float64 {
	var sum, squares float64
	for i := from; i < to; i++ {
		n := float64(c.perMS[i].Load())
		sum, squares = sum+n, squares+n*n
	}
	n := float64(to - from)
	mean := sum / n
	if mean == 0 {
		return 0
	}
	return (squares/n - mean*mean) / mean
}

// runServer serves until in is closed. It responds to every line of in with the counts.
func runServer(in io.Reader, out io.Writer) error {
	c := &counter{began: time.Now()}
	plain, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	defer plain.Close()
	secure, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	defer secure.Close()
	h2c, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	defer h2c.Close()
	go accept(plain, c)
	go accept(tls.NewListener(secure, certificate()), c)
	go acceptHTTP2(h2c, c)
	encoder := json.NewEncoder(out)
	if err := encoder.Encode(addresses{plain.Addr().String(), secure.Addr().String(), h2c.Addr().String()}); err != nil {
		return err
	}
	for lines := bufio.NewScanner(in); lines.Scan(); {
		if lines.Text() == stallWord {
			c.until.Store(time.Now().Add(stallFor).UnixNano())
			continue
		}
		if err := encoder.Encode(c.take()); err != nil {
			return err
		}
	}
	return nil
}

// certificate returns the certificate of net/http/httptest.
func certificate() *tls.Config {
	s := httptest.NewUnstartedServer(nil)
	s.StartTLS()
	defer s.Close()
	return &tls.Config{Certificates: s.TLS.Certificates, MinVersion: tls.VersionTLS13}
}

func accept(ln net.Listener, c *counter) {
	for {
		conn, err := ln.Accept()
		if err != nil {
			return
		}
		go answerAll(conn, c)
	}
}

// answerAll responds to requests without a body on a connection.
func answerAll(conn net.Conn, c *counter) {
	defer conn.Close()
	end := []byte("\r\n\r\n")
	buf, have := make([]byte, 4096), 0
	var out []byte
	for have < len(buf) {
		n, err := conn.Read(buf[have:])
		if err != nil {
			return
		}
		have += n
		out = out[:0]
		for {
			i := bytes.Index(buf[:have], end)
			if i < 0 {
				break
			}
			c.arrived()
			have = copy(buf, buf[i+len(end):have])
			out = append(out, answer...)
		}
		if until := c.until.Load(); until != 0 {
			time.Sleep(time.Until(time.Unix(0, until)))
		}
		if _, err := conn.Write(out); err != nil {
			return
		}
	}
}
