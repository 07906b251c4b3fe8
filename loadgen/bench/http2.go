//go:build unix

package main

import (
	"bufio"
	"bytes"
	"io"
	"net"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"
)

// acceptHTTP2 serves HTTP/2 connections. It does not use net/http, which costs five times as much as a client and writes each response
// separately: the benchmark would mostly measure wake-ups of clients.
func acceptHTTP2(ln net.Listener, c *counter) {
	for {
		conn, err := ln.Accept()
		if err != nil {
			return
		}
		go answerAllHTTP2(conn, c)
	}
}

// answerAllHTTP2 responds to requests without a body. The responses to all requests of one read are sent in one write.
func answerAllHTTP2(conn net.Conn, c *counter) {
	defer conn.Close()
	in := bufio.NewReaderSize(conn, 64<<10)
	if _, err := io.CopyN(io.Discard, in, int64(len(http2.ClientPreface))); err != nil {
		return
	}
	var out bytes.Buffer
	framer := http2.NewFramer(&out, in)
	framer.SetReuseFrames()
	head := answerHead()
	err := framer.WriteSettings(http2.Setting{ID: http2.SettingMaxConcurrentStreams, Val: 1000})
	for err == nil {
		if in.Buffered() == 0 && out.Len() > 0 {
			if _, err := out.WriteTo(conn); err != nil {
				return
			}
		}
		var frame http2.Frame
		if frame, err = framer.ReadFrame(); err == nil {
			err = answerFrame(framer, frame, head, c)
		}
	}
}

func answerFrame(framer *http2.Framer, frame http2.Frame, head []byte, c *counter) error {
	switch f := frame.(type) {
	case *http2.SettingsFrame:
		if !f.IsAck() {
			return framer.WriteSettingsAck()
		}
	case *http2.PingFrame:
		if !f.IsAck() {
			return framer.WritePing(true, f.Data)
		}
	case *http2.HeadersFrame:
		c.arrived()
		if err := framer.WriteHeaders(http2.HeadersFrameParam{StreamID: f.StreamID, BlockFragment: head, EndHeaders: true}); err != nil {
			return err
		}
		return framer.WriteData(f.StreamID, true, []byte("ok"))
	}
	return nil
}

// answerHead returns the header block of all responses. It does not change the peer's table.
func answerHead() []byte {
	var block bytes.Buffer
	e := hpack.NewEncoder(&block)
	e.SetMaxDynamicTableSize(0)
	_ = e.WriteField(hpack.HeaderField{Name: ":status", Value: "200"}) // to a buffer
	_ = e.WriteField(hpack.HeaderField{Name: "content-length", Value: "2"})
	return block.Bytes()
}
