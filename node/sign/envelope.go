package sign

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"strconv"
	"time"

	"landfall/node"
)

// envelope is a signed record. It is JSON, so that other tools can show it and older versions refuse its
// schema, but in one fixed form that is decoded without a JSON parser:
//
//	{"schema":2,"at_ms":N,"follows":"…","key":"…","sig":"…","proofs":"…","body":…}
type envelope struct {
	at      time.Time // broker's clock as known to the signer, whole milliseconds
	follows digest    // the record that it follows; see runs
	key     Public
	sig     []byte
	proofs  []byte // of drivers' records: see proof
	body    []byte // the message, byte for byte
}

// digest is the SHA-256 of a record's value; zero: none.
type digest [sha256.Size]byte

// place is the position that a record is signed for; it is invalid anywhere else.
type place struct {
	fleet, prefix string
	topic         node.Topic
	key           string
}

// message returns the signed bytes: every part prefixed with its length, so that different records have
// different messages.
func (e *envelope) message(p place) []byte {
	at := strconv.FormatInt(e.at.UnixMilli(), 10)
	parts := [][]byte{[]byte("landfall record, version 1"), []byte(p.fleet), []byte(p.prefix), []byte(p.topic), []byte(p.key),
		[]byte(at), e.follows[:], e.key[:], e.body}
	n := 0
	for _, part := range parts {
		n += 8 + len(part)
	}
	m := make([]byte, 0, n)
	for _, part := range parts {
		m = binary.BigEndian.AppendUint64(m, uint64(len(part)))
		m = append(m, part...)
	}
	return m
}

// sign completes an envelope and returns the signed bytes.
func (e *envelope) sign(ctx context.Context, k *Key, p place) (message []byte, err error) {
	e.key = k.Public()
	message = e.message(p)
	e.sig, err = k.sign(ctx, message)
	return message, err
}

const (
	head    = `{"schema":2,"at_ms":`
	follows = `,"follows":"`
	keyed   = `","key":"`
	signed  = `","sig":"`
	proved  = `","proofs":"`
	bodied  = `","body":`
)

func (e *envelope) bytes() []byte {
	b := make([]byte, 0, 400+len(e.proofs)+len(e.body))
	b = strconv.AppendInt(append(b, head...), e.at.UnixMilli(), 10)
	b = text.AppendEncode(append(b, follows...), e.follows[:])
	b = text.AppendEncode(append(b, keyed...), e.key[:])
	b = text.AppendEncode(append(b, signed...), e.sig)
	b = append(append(b, proved...), e.proofs...)
	b = append(append(b, bodied...), e.body...)
	return append(b, '}')
}

// sealed reports whether a record is an envelope. Unsigned messages begin with schema 1.
func sealed(value []byte) bool { return bytes.HasPrefix(value, []byte(head)) }

var errEnvelope = errors.New("its signature's envelope is broken")

// open decodes an envelope. Each envelope has only one valid encoding.
func open(value []byte) (e envelope, err error) {
	rest, ok := bytes.CutPrefix(value, []byte(head))
	at, rest, found := bytes.Cut(rest, []byte(follows))
	ms, wrong := strconv.ParseInt(string(at), 10, 64)
	if !ok || !found || wrong != nil || ms < 0 || ms > maxMoment || strconv.FormatInt(ms, 10) != string(at) {
		return e, errEnvelope
	}
	e.at = time.UnixMilli(ms)
	e.sig = make([]byte, ed25519.SignatureSize)
	for _, field := range []struct {
		into []byte
		end  string
	}{{e.follows[:], keyed}, {e.key[:], signed}, {e.sig, proved}} {
		if rest, ok = cutText(field.into, rest, field.end); !ok {
			return e, errEnvelope
		}
	}
	e.proofs, rest, found = bytes.Cut(rest, []byte(bodied))
	if !found || len(e.proofs)%proofChars != 0 || len(e.proofs) > maxReaders*proofChars || !plainText(e.proofs) {
		return e, errEnvelope
	}
	if e.body, ok = bytes.CutSuffix(rest, []byte("}")); !ok || len(e.body) == 0 {
		return e, errEnvelope
	}
	return e, nil
}

// maxMoment is the year 9999: JSON cannot represent later times.
const maxMoment = 253402300799000

// cutText decodes a value of known length that ends with a known text.
func cutText(into, from []byte, end string) (rest []byte, ok bool) {
	n := text.EncodedLen(len(into))
	if len(from) < n || !plainText(from[:n]) {
		return nil, false
	}
	if got, err := text.Decode(into, from[:n]); err != nil || got != len(into) {
		return nil, false
	}
	return bytes.CutPrefix(from[n:], []byte(end))
}

// plainText reports whether s contains no line ends, which the decoder would skip.
func plainText(s []byte) bool { return !bytes.ContainsAny(s, "\r\n\"\\") }

// sum returns the digest of a record's value.
func sum(value []byte) digest { return sha256.Sum256(value) }
