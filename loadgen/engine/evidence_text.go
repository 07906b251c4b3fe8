package engine

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"strings"
	"unicode/utf8"

	"landfall/loadgen"
	"landfall/loadgen/evidence"
)

// describe fills in the texts of an exchange: the known parts of request and response, without secrets.
func (l *loop) describe(e *evidence.Exchange, f *flight, raw []byte) {
	hide := l.engine.secrets()
	if f.user != nil {
		hide = l.users.secrets(f.user)
	}
	e.Sent = l.engine.headLines(l.sentHead(f), hide)
	switch c := f.capture; {
	case f.conn != nil && f.conn.h2 != nil:
		if e.Status > 0 {
			e.Head = []string{fmt.Sprintf("HTTP/2 %d %s", e.Status, http.StatusText(e.Status))}
		}
		if c != nil {
			e.Head = append(e.Head, l.engine.headLines([]byte(strings.Join(c.head, "\r\n")), hide)...)
			e.Body = bodyLines(c.body, hide)
		}
	case c != nil && len(c.received) > 0:
		c.add(raw)
		l.response(e, f, c.received, hide)
	case f.conn != nil && !f.conn.partial && len(raw) > 0:
		l.response(e, f, raw[:min(len(raw), maxReceived)], hide)
	case e.Status > 0:
		e.Head = []string{fmt.Sprintf("HTTP/1.1 %d %s", e.Status, http.StatusText(e.Status))}
		if f.user != nil { // the user's steps may have requested the body
			e.Body = bodyLines(l.users.judged.Body, hide)
		}
	}
}

// sentHead returns the request line and header of a request, as far as they are known after sending.
func (l *loop) sentHead(f *flight) []byte {
	q := &l.engine.script.Requests[f.request]
	head := q.Constant
	switch {
	case f.capture != nil && len(f.capture.sent) > 0:
		head = f.capture.sent
	case head != nil:
	case f.user != nil:
		return l.users.sentLine(f.user)
	default:
		head = l.engine.script.Known(int(f.request), f.k)
	}
	if end := bytes.Index(head, []byte("\r\n\r\n")); end >= 0 {
		head = head[:end]
	}
	return head
}

// sentLine returns the request line of a user's request, whose header is no longer known.
func (s *users) sentLine(u *user) []byte {
	m := &s.program.Messages[u.message]
	if u.path == "" {
		return []byte(m.Method)
	}
	return []byte(m.Method + " " + u.path + " HTTP/1.1")
}

// response fills in a response of HTTP/1.1 from its beginning.
func (l *loop) response(e *evidence.Exchange, f *flight, raw []byte, hide hider) {
	for interim := true; interim; { // 1xx
		head, rest, found := bytes.Cut(raw, []byte("\r\n\r\n"))
		interim = found && len(rest) > 0 && bytes.HasPrefix(head, []byte("HTTP/1.1 1"))
		if e.Head = l.engine.headLines(head, hide); interim {
			raw = rest
		}
	}
	r, err := http.ReadResponse(bufio.NewReader(bytes.NewReader(raw)), &http.Request{Method: l.engine.script.Requests[f.request].Method})
	if err != nil {
		return
	}
	defer r.Body.Close()
	var body io.Reader = r.Body
	if r.Header.Get("Content-Encoding") == "gzip" {
		if z, err := gzip.NewReader(body); err == nil {
			body = z
		}
	}
	text, _ := io.ReadAll(io.LimitReader(body, evidence.MaxBody)) // may be incomplete: only the start of the response was recorded
	e.Body = bodyLines(text, hide)
}

// headLines returns the lines of a head without secrets.
func (e *Engine) headLines(head []byte, hide hider) (lines []string) {
	for line := range strings.SplitSeq(string(head), "\r\n") {
		if len(lines) == evidence.MaxLines {
			break
		}
		if line = hide.Replace(loadgen.RedactLine(line)); line != "" {
			if e.spec.HTTP2 {
				line = strings.Replace(line, " HTTP/1.1", " HTTP/2", 1)
			}
			lines = append(lines, line)
		}
	}
	return lines
}

// bodyLines returns the first lines of a body without secrets, or a description of a binary body.
func bodyLines(body []byte, hide hider) []string {
	body = body[:min(len(body), evidence.MaxBody)]
	text := body
	for cut := 0; cut < utf8.UTFMax-1 && !utf8.Valid(text) && len(text) > 0; cut++ {
		text = text[:len(text)-1] // the cut may have split a character
	}
	switch {
	case len(body) == 0:
		return nil
	case !utf8.Valid(text) || bytes.IndexByte(text, 0) >= 0:
		return []string{"(not text)"}
	}
	shown := strings.ReplaceAll(loadgen.RedactText(hide.Replace(string(text))), "\r\n", "\n")
	lines := strings.Split(strings.TrimSuffix(shown, "\n"), "\n")
	return lines[:min(len(lines), evidence.MaxLines)]
}
