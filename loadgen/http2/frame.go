package http2

import (
	"encoding/binary"
	"math"
)

const (
	frameData = iota
	frameHeaders
	framePriority
	frameReset
	frameSettings
	framePush
	framePing
	frameGoaway
	frameWindow
	frameContinuation
)

const (
	flagEndStream  = 0x1
	flagAck        = 0x1
	flagEndHeaders = 0x4
	flagPadded     = 0x8
	flagPriority   = 0x20
)

const (
	settingTable      = 1
	settingPush       = 2
	settingStreams    = 3
	settingWindow     = 4
	settingFrame      = 5
	settingHeaderList = 6
)

const frameHead = 9

// frame is a received frame. payload is valid only while the frame is handled.
type frame struct {
	kind, flags byte
	stream      uint32
	payload     []byte
}

func appendFrame(out []byte, length int, kind, flags byte, stream uint32) []byte {
	return append(out, byte(length>>16), byte(length>>8), byte(length), kind, flags,
		byte(stream>>24), byte(stream>>16), byte(stream>>8), byte(stream))
}

func appendSetting(out []byte, id uint16, value uint32) []byte {
	return binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint16(out, id), value)
}

func appendWindowUpdate(out []byte, stream uint32, n int64) []byte {
	return binary.BigEndian.AppendUint32(appendFrame(out, 4, frameWindow, 0, stream), uint32(n))
}

func appendReset(out []byte, stream uint32, code code) []byte {
	return binary.BigEndian.AppendUint32(appendFrame(out, 4, frameReset, 0, stream), uint32(code))
}

// Feed processes bytes received from the peer, in pieces of any size. It calls on for each event and appends frames to send to out. An
// error ends the connection: out then ends with a GOAWAY frame, and c must not be fed again. See [Conn].
func (c *Conn) Feed(b, out []byte, on func(*Event)) ([]byte, error) {
	if c.dead {
		return out, &protocolError{codeProtocol, "fed after an error"}
	}
	if c.out, c.on = out, on; len(out) == 0 {
		c.unread = 0
	}
	err := c.frames(b)
	if err == nil && len(c.queued) > 0 {
		c.sendQueued()
	}
	if err != nil {
		c.dead = true
		c.out = appendFrame(c.out, 8, frameGoaway, 0, 0)
		c.out = binary.BigEndian.AppendUint64(c.out, uint64(err.code)) // last stream ID 0: the peer has not opened any
	}
	out = c.out
	c.out, c.on = nil, nil
	if err != nil {
		return out, err
	}
	return out, nil
}

// frames handles complete frames in place, and collects frames that are split between reads in c.in.
func (c *Conn) frames(b []byte) *protocolError {
	for len(b) > 0 {
		if len(c.in) == 0 {
			n, err := c.need(b)
			if err != nil {
				return err
			}
			if n > len(b) {
				c.in = append(c.in, b...)
				return nil
			}
			if err := c.frame(b[:n]); err != nil {
				return err
			}
			b = b[n:]
			continue
		}
		n, err := c.need(c.in)
		if err != nil {
			return err
		}
		k := min(n-len(c.in), len(b))
		c.in, b = append(c.in, b[:k]...), b[k:]
		if n, err = c.need(c.in); err != nil {
			return err
		}
		if len(c.in) == n {
			if err := c.frame(c.in); err != nil {
				return err
			}
			c.in = c.in[:0]
		}
	}
	return nil
}

// need returns the length of the frame at the start of b, or the number of bytes needed to know it.
func (c *Conn) need(b []byte) (int, *protocolError) {
	if !c.settled && len(b) >= 4 && string(b[:4]) == "HTTP" {
		return 0, &protocolError{codeProtocol, "the target answers in HTTP/1"}
	}
	if len(b) < frameHead {
		return frameHead, nil
	}
	n := int(b[0])<<16 | int(b[1])<<8 | int(b[2])
	if n > maxFrame && !c.settled {
		return 0, &protocolError{codeProtocol, "the target does not answer in HTTP/2"}
	}
	if n > maxFrame {
		return 0, &protocolError{codeFrameSize, "frame over 16 KB"}
	}
	return frameHead + n, nil
}

// frame handles one complete frame.
func (c *Conn) frame(b []byte) *protocolError {
	f := frame{kind: b[3], flags: b[4], stream: binary.BigEndian.Uint32(b[5:]) & math.MaxInt32, payload: b[frameHead:]}
	if !c.settled && (f.kind != frameSettings || f.flags&flagAck != 0) {
		return &protocolError{codeProtocol, "the first frame is not SETTINGS"}
	}
	if c.blockID != 0 && (f.kind != frameContinuation || f.stream != c.blockID) {
		return &protocolError{codeProtocol, "header block interrupted"}
	}
	if err := c.checkStream(f); err != nil {
		return err
	}
	switch f.kind {
	case frameData:
		return c.onData(f)
	case frameHeaders:
		return c.onHeaders(f)
	case framePriority:
		return fixedSize(f, 5)
	case frameReset:
		return c.onReset(f)
	case frameSettings:
		return c.onSettings(f)
	case framePush:
		return &protocolError{codeProtocol, "PUSH_PROMISE although push is disabled"}
	case framePing:
		return c.onPing(f)
	case frameGoaway:
		return c.onGoaway(f)
	case frameWindow:
		return c.onWindow(f)
	case frameContinuation:
		return c.onContinuation(f)
	}
	return nil // unknown types are ignored (RFC 9113 §4.1)
}

// checkStream returns an error for stream frames on the connection, connection frames on a stream, and frames on streams that the client
// has not opened.
func (c *Conn) checkStream(f frame) *protocolError {
	switch f.kind {
	case frameSettings, framePing, frameGoaway:
		if f.stream != 0 {
			return &protocolError{codeProtocol, "connection frame on a stream"}
		}
	case frameWindow:
		if f.stream != 0 {
			return c.opened(f.stream)
		}
	case framePriority: // may name any stream
		if f.stream == 0 {
			return &protocolError{codeProtocol, "stream frame on the connection"}
		}
	case frameData, frameHeaders, frameReset, frameContinuation:
		if f.stream == 0 {
			return &protocolError{codeProtocol, "stream frame on the connection"}
		}
		return c.opened(f.stream)
	}
	return nil
}

func (c *Conn) opened(stream uint32) *protocolError {
	if stream&1 == 0 || stream >= c.nextID {
		return &protocolError{codeProtocol, "frame on a stream that is not open"}
	}
	return nil
}

func fixedSize(f frame, n int) *protocolError {
	if len(f.payload) != n {
		return &protocolError{codeFrameSize, "frame has the wrong size"}
	}
	return nil
}

// unpad returns the payload without padding (RFC 9113 §6.1).
func unpad(f frame) ([]byte, *protocolError) {
	b := f.payload
	if f.flags&flagPadded == 0 {
		return b, nil
	}
	if len(b) == 0 {
		return nil, &protocolError{codeFrameSize, "padded frame without a length"}
	}
	pad := int(b[0])
	if b = b[1:]; pad > len(b) {
		return nil, &protocolError{codeProtocol, "more padding than frame"}
	}
	return b[:len(b)-pad], nil
}
