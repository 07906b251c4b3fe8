package http2

import (
	"bytes"
	"encoding/binary"
)

func (c *Conn) onData(f frame) *protocolError {
	data, err := unpad(f)
	if err != nil {
		return err
	}
	size := int64(len(f.payload)) // padding counts
	if err := c.received(size); err != nil {
		return err
	}
	s := c.find(f.stream)
	if s == nil {
		return nil // the request has ended
	}
	if s.recvWindow -= size; s.recvWindow < 0 {
		return &protocolError{codeFlowControl, "more data than the stream's window"}
	}
	if s.status == 0 {
		c.fail(s, codeProtocol, "http2: DATA before HEADERS")
		return nil
	}
	s.got += int64(len(data))
	if c.wrongLength(s, false) {
		c.fail(s, codeProtocol, whyLength)
		return nil
	}
	if len(data) > 0 {
		e := c.about(Body, s)
		e.Data = data
		c.on(e)
	}
	if f.flags&flagEndStream != 0 {
		c.end(s)
		return nil
	}
	if s.recvWindow < c.window/2 {
		c.out = appendWindowUpdate(c.out, s.id, c.window-s.recvWindow)
		s.recvWindow = c.window
	}
	return nil
}

// about returns the event of a kind about a stream.
func (c *Conn) about(kind Kind, s *stream) *Event {
	e := &c.event
	*e = Event{}
	e.Kind, e.stream, e.Tag = kind, s.id, s.tag
	return e
}

// received updates the connection's window, which counts data of all streams, even ended ones.
func (c *Conn) received(size int64) *protocolError {
	if c.recvWindow -= size; c.recvWindow < 0 {
		return &protocolError{codeFlowControl, "more data than the connection's window"}
	}
	if c.recvWindow < c.window/2 {
		c.out = appendWindowUpdate(c.out, 0, c.window-c.recvWindow)
		c.recvWindow = c.window
	}
	return nil
}

// wrongLength reports whether the body contradicts its Content-Length so far, or at its end.
func (c *Conn) wrongLength(s *stream, ended bool) bool {
	switch {
	case s.head || s.status == 204 || s.status == 304:
		return s.got > 0
	case s.length < 0:
		return false
	}
	return s.got > s.length || ended && s.got < s.length
}

// end completes a response. A peer may respond before it has received the whole request; the rest is then not sent.
func (c *Conn) end(s *stream) {
	if c.wrongLength(s, true) {
		c.fail(s, codeProtocol, whyLength)
		return
	}
	if s.sending {
		c.out = appendReset(c.out, s.id, codeNoError)
	}
	e := c.about(End, s)
	e.Status, e.Bytes = int(s.status), s.got
	c.free(s)
	c.on(e)
}

const whyLength = "http2: body and Content-Length differ"

// fail resets a stream with an invalid response. The connection stays open.
func (c *Conn) fail(s *stream, code code, why string) {
	c.out = appendReset(c.out, s.id, code)
	c.reset(s, Event{Ours: true, Why: why, code: code})
}

func (c *Conn) reset(s *stream, e Event) {
	e.Kind, e.stream, e.Tag, e.Status, e.Bytes = Reset, s.id, s.tag, int(s.status), s.got
	c.free(s)
	c.event = e
	c.on(&c.event)
}

func (c *Conn) onHeaders(f frame) *protocolError {
	b, err := unpad(f)
	if err != nil {
		return err
	}
	if f.flags&flagPriority != 0 {
		if len(b) < 5 {
			return &protocolError{codeFrameSize, "HEADERS too short for its priority"}
		}
		b = b[5:]
	}
	ends := f.flags&flagEndStream != 0
	if f.flags&flagEndHeaders != 0 {
		return c.onBlock(f.stream, b, ends)
	}
	c.block = append(c.block[:0], b...)
	c.blockID, c.blockEnds, c.blockSize = f.stream, ends, frameHead+len(f.payload)
	return nil
}

// onContinuation limits the size of a block including its frame headers, so that the number of empty frames is limited, too.
func (c *Conn) onContinuation(f frame) *protocolError {
	if c.blockID == 0 {
		return &protocolError{codeProtocol, "unexpected CONTINUATION"}
	}
	if c.blockSize += frameHead + len(f.payload); c.blockSize > maxBlock {
		return &protocolError{codeEnhanceYourCalm, "header over 64 KB"}
	}
	c.block = append(c.block, f.payload...)
	if f.flags&flagEndHeaders == 0 {
		return nil
	}
	id := c.blockID
	c.blockID = 0
	return c.onBlock(id, c.block, c.blockEnds)
}

// onBlock handles a complete header block: an interim response (dropped), the final response, or trailers.
func (c *Conn) onBlock(stream uint32, block []byte, ends bool) *protocolError {
	h, ok := c.decodeBlock(block)
	if !ok {
		return &protocolError{codeCompression, "malformed header block"}
	}
	s := c.find(stream)
	if s == nil {
		return nil
	}
	trailers, interim := s.status != 0, h.status/100 == 1
	switch {
	case trailers && (h.status != 0 || !ends), !trailers && h.status == 0, h.malformed,
		interim && (ends || h.status == 101): // HTTP/2 has no upgrades
		c.fail(s, codeProtocol, "http2: malformed response header or trailers")
		return nil
	case interim:
		return nil
	case !trailers:
		s.status, s.length, c.reported = int32(h.status), h.length, block
		c.tellLines(s.tag)
		e := c.about(Status, s)
		e.Status = int(s.status)
		c.on(e)
	}
	if ends {
		c.end(s)
	}
	return nil
}

func (c *Conn) decodeBlock(block []byte) (head, bool) {
	h, ok := c.dec.decode(block)
	if ok && c.lines != nil {
		ok = c.lines.read(block)
		h.malformed = h.malformed || c.lines.malformed
	}
	return h, ok
}

// tellLines reports the header lines of the current block, if they were asked for.
func (c *Conn) tellLines(tag int) {
	if c.lines == nil {
		return
	}
	for rest := c.lines.text; len(rest) > 0; {
		end := bytes.IndexByte(rest, '\n')
		c.onLine(tag, rest[:end])
		rest = rest[end+1:]
	}
}

func (c *Conn) onReset(f frame) *protocolError {
	if err := fixedSize(f, 4); err != nil {
		return err
	}
	if s := c.find(f.stream); s != nil {
		if code := code(binary.BigEndian.Uint32(f.payload)); code == codeRefusedStream {
			c.reset(s, Event{Retry: true, Why: "stream refused by the target (REFUSED_STREAM)", code: code})
		} else {
			c.reset(s, Event{Why: code.whyReset(), code: code})
		}
	}
	return nil
}

func (c *Conn) onSettings(f frame) *protocolError {
	if f.flags&flagAck != 0 {
		return fixedSize(f, 0)
	}
	if len(f.payload)%6 != 0 {
		return &protocolError{codeFrameSize, "SETTINGS frame has the wrong size"}
	}
	if !c.settled {
		c.settled, c.peerStreams = true, maxWindow // no limit unless it sends one
	}
	for b := f.payload; len(b) > 0; b = b[6:] {
		if err := c.setting(binary.BigEndian.Uint16(b), binary.BigEndian.Uint32(b[2:])); err != nil {
			return err
		}
	}
	c.event = Event{Kind: Settings}
	c.on(&c.event)
	return c.answer(appendFrame(c.out, 0, frameSettings, flagAck, 0))
}

func (c *Conn) setting(id uint16, value uint32) *protocolError {
	switch id {
	case settingTable:
		c.enc.limit(value)
	case settingPush:
		if value != 0 {
			return &protocolError{codeProtocol, "the server sent ENABLE_PUSH"}
		}
	case settingStreams:
		c.peerStreams = value
	case settingFrame:
		if value < 16384 || value > 1<<24-1 {
			return &protocolError{codeProtocol, "MAX_FRAME_SIZE out of range"}
		}
		c.peerFrame = int(value)
	case settingWindow:
		return c.initialWindow(int64(value))
	}
	return nil
}

// initialWindow adjusts the windows of all open streams, which may become negative (RFC 9113 §6.9.2).
func (c *Conn) initialWindow(size int64) *protocolError {
	if size > maxWindow {
		return &protocolError{codeFlowControl, "INITIAL_WINDOW_SIZE out of range"}
	}
	delta := size - c.peerWindow
	c.peerWindow = size
	for i := range c.streams {
		s := &c.streams[i]
		if s.id == 0 {
			continue
		}
		if s.sendWindow += delta; s.sendWindow > maxWindow {
			return &protocolError{codeFlowControl, "window over 2 GB"}
		}
	}
	return nil
}

func (c *Conn) onPing(f frame) *protocolError {
	if err := fixedSize(f, 8); err != nil || f.flags&flagAck != 0 {
		return err
	}
	return c.answer(append(appendFrame(c.out, 8, framePing, flagAck, 0), f.payload...))
}

// answer sets c.out. It limits the memory that a peer can use by sending PING and SETTINGS frames without reading the answers.
func (c *Conn) answer(out []byte) *protocolError {
	c.unread += len(out) - len(c.out)
	if c.out = out; c.unread > maxAnswers {
		return &protocolError{codeEnhanceYourCalm, "too many unread answers to PING and SETTINGS"}
	}
	return nil
}

func (c *Conn) onGoaway(f frame) *protocolError {
	if len(f.payload) < 8 {
		return &protocolError{codeFrameSize, "GOAWAY too short"}
	}
	last := binary.BigEndian.Uint32(f.payload) & maxWindow
	c.goaway = true
	for i := range c.streams {
		if s := &c.streams[i]; s.id > last { // not processed by the peer
			c.reset(s, Event{Retry: true, Left: true, Why: "connection closed by the target (GOAWAY)", code: codeRefusedStream})
		}
	}
	c.event = Event{Kind: Goaway, lastID: last, code: code(binary.BigEndian.Uint32(f.payload[4:]))}
	c.on(&c.event)
	return nil
}

func (c *Conn) onWindow(f frame) *protocolError {
	if err := fixedSize(f, 4); err != nil {
		return err
	}
	n := int64(binary.BigEndian.Uint32(f.payload) & maxWindow)
	if f.stream == 0 {
		if c.sendWindow += n; n == 0 || c.sendWindow > maxWindow {
			return &protocolError{codeFlowControl, "invalid WINDOW_UPDATE of the connection"}
		}
		return nil
	}
	s := c.find(f.stream)
	if s == nil {
		return nil
	}
	switch s.sendWindow += n; {
	case n == 0:
		c.fail(s, codeProtocol, "http2: WINDOW_UPDATE of 0")
	case s.sendWindow > maxWindow:
		c.fail(s, codeFlowControl, "http2: window over 2 GB")
	}
	return nil
}
