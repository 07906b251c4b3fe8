// Package http2 implements the client side of HTTP/2 (RFC 9113, RFC 7541) as a state machine: requests and received bytes in, bytes to
// write and events out, without sockets, clocks or goroutines. [Conn] is one connection, and documents how to use it.
package http2

import (
	"bytes"
	"fmt"
)

// Conn is the client side of one HTTP/2 connection. It must not be used by several goroutines at once. Response bodies are passed on and
// counted, but not kept.
//
// A loop uses it as follows. out holds the bytes that are still to be written:
//
//	c := New(streams)
//	out = c.Start(out)                                  once, when the connection is open (TLS: with ALPN "h2")
//	for c.Room() > 0: id, out, ok = c.Request(out, &r)  any number of times; then one write
//	for each read: out, err = c.Feed(buf[:n], out, on)  then further requests; then one write
//	  err != nil: write out if possible, fail the requests in flight as protocol errors, close
//	a request times out: out = c.Cancel(out, id)
//	the peer closes: fail the requests in flight as read errors
//	c.Closing(): open another connection for new requests; close this one when c.Active() is 0
//
// Until the peer's SETTINGS are received (event [Settings]), there is room for one request. To start many requests at the same time, open
// the connection earlier and feed it until then.
//
// Feed calls on for each event. on must not call methods of c other than [Conn.Head], and must not keep the event or its Data. Every accepted request
// ends with exactly one [End] or [Reset] event, unless it is canceled or still in flight when the connection ends. The answers to the
// peer's PING and SETTINGS frames and window updates are appended to out, too. All of out must be written, in order; the rest of a short
// write stays at the front of out.
type Conn struct {
	streams []stream // a ring: stream id is at (id>>1) % len, a power of two
	limit   int      // maximum number of concurrent streams of this client
	open    int
	nextID  uint32
	enc     encoder
	dec     decoder
	lines   *lineReader                // nil: the text of header blocks is not needed
	onLine  func(tag int, line []byte) // with lines

	peerStreams  uint32 // its MAX_CONCURRENT_STREAMS
	peerFrame    int    // its MAX_FRAME_SIZE
	peerWindow   int64  // its INITIAL_WINDOW_SIZE
	sendWindow   int64
	recvWindow   int64 // bytes that the peer may still send
	window       int64 // size of the receive window of each stream and of the connection
	queued       []uint32
	settled      bool // the peer's SETTINGS were received
	goaway, dead bool

	in        []byte // the start of an incomplete frame; reused
	block     []byte // of HEADERS and its CONTINUATIONs
	blockID   uint32 // stream of the incomplete block; 0: none
	blockEnds bool   // END_STREAM was on its HEADERS
	blockSize int    // frame headers included
	reported  []byte // block of the current Status event

	unread int // bytes of answers to the peer since out was last empty

	out   []byte       // while feed runs
	on    func(*Event) // while feed runs
	event Event        // reused: a call with a copy costs more than most of what on does
}

// stream is a request in flight. Its size matters: a connection goes through all slots of its ring.
type stream struct {
	id         uint32 // 0: the slot is free
	status     int32  // of the final response; 0: not received yet
	head       bool   // the request is a HEAD, whose response has no body even if it has a Content-Length
	sending    bool   // END_STREAM is still to be sent
	tag        int
	length     int64
	got        int64 // of body
	recvWindow int64
	sendWindow int64
	rest       []byte // of the request's body
}

// Request is a request. Fields must never change, nor Body if it is shared. Everything else can be reused when [Conn.Request] returns.
type Request struct {
	Id     int      // identifies Fields, from 0: requests with the same Id have the same fields
	Fields []Field  // from NewFields
	Values [][]byte // of the fields that vary, in their order
	Body   []byte
	Shared bool // Body does not change until the request ends; otherwise data that has to wait for a window is copied
	Head   bool // the method is HEAD

	Message []byte // instead of Fields and Values: request line and header in HTTP/1.1 format, without the empty line
	Secure  bool   // with Message: the scheme is https
	Tag     int    // copied to every event of the request
}

// Kind is the kind of an event.
type Kind uint8

// The kinds of events.
const (
	Status   Kind = iota // the final status was received; interim ones are not reported
	Body                 // Data is a piece of the body
	End                  // the response is complete; Bytes is the length of the body
	Reset                // the request ended without a complete response; Retry if the peer did not process it
	Goaway               // the peer accepts no further requests; those that it did not process are reset first
	Settings             // the peer's SETTINGS were received; Room may have changed
)

// Event is an event of a connection. Tag is set for all kinds except Goaway and Settings.
type Event struct {
	Kind   Kind
	Retry  bool // Reset: the peer did not process the request
	Left   bool // Reset: by GOAWAY
	Ours   bool // Reset: by this client, because the response violates the protocol
	stream uint32
	Tag    int
	Status int
	Bytes  int64
	Data   []byte
	Why    string // Reset: in words
	code   code
	lastID uint32
}

// code is an error code (RFC 9113 §7).
type code uint32

const (
	codeNoError code = iota
	codeProtocol
	codeInternal
	codeFlowControl
	codeSettingsTimeout
	codeStreamClosed
	codeFrameSize
	codeRefusedStream
	codeCancel
	codeCompression
	codeConnect
	codeEnhanceYourCalm
)

var codeNames = [...]string{"NO_ERROR", "PROTOCOL_ERROR", "INTERNAL_ERROR", "FLOW_CONTROL_ERROR", "SETTINGS_TIMEOUT", "STREAM_CLOSED",
	"FRAME_SIZE_ERROR", "REFUSED_STREAM", "CANCEL", "COMPRESSION_ERROR", "CONNECT_ERROR", "ENHANCE_YOUR_CALM", "INADEQUATE_SECURITY", "HTTP_1_1_REQUIRED"}

// whyReset describes a reset by the peer with this code.
func (c code) whyReset() string {
	if int(c) < len(codeNames) {
		return "stream reset by the target (" + codeNames[c] + ")"
	}
	return "stream reset by the target with an unknown code"
}

// protocolError ends a connection.
type protocolError struct {
	code code
	text string
}

func (e *protocolError) Error() string { return fmt.Sprintf("http2: %s (code %d)", e.text, e.code) }

const (
	preface       = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
	window        = 16 << 20 // receive window; bodies are not kept, so it costs no memory
	maxWindow     = 1<<31 - 1
	maxFrame      = 16384 // of received frames: the default
	maxBlock      = 64 << 10
	maxKnownBlock = 1 << 10 // of a header block that is remembered to recognize repetitions
	maxAnswers    = 1 << 20 // bytes of answers that a peer has not read
	streamsBefore = 1       // requests before the peer's SETTINGS, since requests beyond its limit would be refused
)

// New returns a connection with at most the given number of requests in flight (1 to 10,000).
func New(streams int) *Conn {
	ring := 2
	for ring < 2*streams {
		ring *= 2
	}
	return &Conn{
		streams: make([]stream, ring), limit: streams, nextID: 1, enc: encoder{Max: tableSize}, dec: decoder{table: table{limit: tableSize}},
		peerStreams: streamsBefore, peerFrame: maxFrame, peerWindow: 65535, sendWindow: 65535, window: window,
	}
}

// Start appends the client's preface. Requests may follow in the same write.
func (c *Conn) Start(out []byte) []byte {
	out = append(out, preface...)
	out = appendFrame(out, 3*6, frameSettings, 0, 0)
	out = appendSetting(out, settingPush, 0)
	out = appendSetting(out, settingWindow, uint32(c.window))
	out = appendSetting(out, settingHeaderList, maxBlock)
	c.recvWindow = max(c.window, 65535)
	if c.window > 65535 {
		out = appendWindowUpdate(out, 0, c.window-65535)
	}
	return out
}

// Active returns the number of requests in flight.
func (c *Conn) Active() int { return c.open }

// Closing reports whether the connection accepts no new requests any more.
func (c *Conn) Closing() bool { return c.goaway || c.dead || c.nextID > maxWindow }

// Room returns how many requests may be added now.
func (c *Conn) Room() int {
	if c.Closing() {
		return 0
	}
	return max(int(min(int64(c.limit), int64(c.peerStreams)))-c.open, 0)
}

// each calls f for every request in flight, in no particular order.
func (c *Conn) each(f func(stream uint32, tag int)) {
	for i := range c.streams {
		if s := &c.streams[i]; s.id != 0 {
			f(s.id, s.tag)
		}
	}
}

// Request appends the frames of a request to out, with as much of its body as the windows allow; Feed appends the rest. ok is false if
// there is no room.
func (c *Conn) Request(out []byte, r *Request) (id uint32, _ []byte, ok bool) {
	if c.Room() == 0 {
		return 0, out, false
	}
	s := c.slot(c.nextID)
	for s.id != 0 { // the slot is in use by a long request: skip this ID
		c.nextID += 2
		s = c.slot(c.nextID)
	}
	if c.Closing() {
		return 0, out, false
	}
	*s = stream{id: c.nextID, tag: r.Tag, head: r.Head, length: -1, recvWindow: c.window, sendWindow: c.peerWindow,
		rest: r.Body, sending: len(r.Body) > 0}
	c.nextID += 2
	c.open++
	out = c.appendHead(out, s, c.enc.encode(r))
	if s.sending {
		out = c.send(out, s)
		if s.sending {
			c.queued = append(c.queued, s.id)
			if !r.Shared {
				s.rest = bytes.Clone(s.rest)
			}
		}
	}
	return s.id, out, true
}

// Cancel cancels a request. Further data for it is dropped. It does nothing if the request has ended.
func (c *Conn) Cancel(out []byte, stream uint32) []byte {
	s := c.find(stream)
	if s == nil {
		return out
	}
	c.free(s)
	return appendReset(out, stream, codeCancel)
}

func (c *Conn) slot(id uint32) *stream { return &c.streams[int(id>>1)&(len(c.streams)-1)] }

func (c *Conn) find(id uint32) *stream {
	if s := c.slot(id); s.id == id && id != 0 {
		return s
	}
	return nil
}

func (c *Conn) free(s *stream) {
	s.id, s.rest = 0, nil // Request sets everything else
	c.open--
}

// appendHead appends a HEADERS frame, and CONTINUATION frames if the block is larger than the peer's maximum frame size.
func (c *Conn) appendHead(out []byte, s *stream, block []byte) []byte {
	kind, flags := byte(frameHeaders), byte(0)
	if !s.sending {
		flags = flagEndStream
	}
	for {
		n := min(len(block), c.peerFrame)
		if n == len(block) {
			flags |= flagEndHeaders
		}
		out = append(appendFrame(out, n, kind, flags, s.id), block[:n]...)
		if block = block[n:]; len(block) == 0 {
			return out
		}
		kind, flags = frameContinuation, 0
	}
}

// send writes as much of a request's body as the windows allow: nothing before the peer's SETTINGS, since
// they may grant less than the default, and some peers then refuse what was already sent.
func (c *Conn) send(out []byte, s *stream) []byte {
	for s.sending && c.settled {
		n := min(int64(len(s.rest)), int64(c.peerFrame), s.sendWindow, c.sendWindow)
		if n <= 0 {
			return out
		}
		flags := byte(0)
		if n == int64(len(s.rest)) {
			flags, s.sending = flagEndStream, false
		}
		out = append(appendFrame(out, int(n), frameData, flags, s.id), s.rest[:n]...)
		s.rest = s.rest[n:]
		s.sendWindow -= n
		c.sendWindow -= n
	}
	return out
}

// sendQueued continues with the bodies that waited for a window, oldest first.
func (c *Conn) sendQueued() {
	kept := c.queued[:0]
	for _, id := range c.queued {
		s := c.find(id)
		if s == nil || !s.sending {
			continue
		}
		if c.out = c.send(c.out, s); s.sending {
			kept = append(kept, id)
		}
	}
	c.queued = kept
}
