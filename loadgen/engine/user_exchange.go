package engine

import (
	"bytes"
	"strings"
	"time"

	"landfall/loadgen"
	"landfall/loadgen/evidence"
	"landfall/loadgen/extract"
	"landfall/loadgen/template"
)

// texts returns the scope from which the user's requests are rendered.
func (s *users) texts(u *user) *template.Scope {
	s.fill.Variables, s.fill.User, s.fill.Iteration = u.variables, u.number, u.iteration
	return &s.fill
}

// render writes the request of a user.
func (s *users) render(dst []byte, u *user) []byte {
	m := &s.program.Messages[u.message]
	s.current = u
	cookies := s.cookies
	if u.cookies().Len() == 0 {
		cookies = nil
	}
	dst, path := s.filler.Append(dst, s.program, m, s.texts(u), int(u.host), cookies, u.hop.to)
	if (s.program.Cookies || s.redirects > 0) && u.path != string(path) {
		u.path = string(path)
	}
	s.trace.sent(m, dst)
	return dst
}

// cookieHeader appends the value of the Cookie header for the request of the current user.
func (s *users) cookieHeader(dst []byte, path string) []byte {
	host := &s.program.Hosts[s.current.host]
	return s.current.cookies().Append(dst, host.Name, path, host.Secure, s.seconds())
}

func (s *users) seconds() int64 { return s.loop.engine.start.Unix() + s.loop.now/int64(time.Second) }

// recordHeader records a line of a response's header, if an extract, a check or the engine needs it.
func (s *users) recordHeader(u *user, line []byte) {
	if u == nil || u.response == nil {
		return
	}
	if m := &s.program.Messages[u.message]; m.NeedsHead || s.program.Cookies && isSetCookie(line) || s.redirects > 0 && hasName(line, "location:") || hasName(line, "content-encoding:") {
		u.response.head = append(append(u.response.head, line...), '\n')
	}
}

const setCookie = "set-cookie:"

func isSetCookie(line []byte) bool { return hasName(line, setCookie) }

// hasName reports whether a header line has a name. name includes the colon.
func hasName(line []byte, name string) bool {
	return len(line) >= len(name) && strings.EqualFold(string(line[:len(name)]), name)
}

// recordBody records a piece of a response's body, if an extract or check needs it.
func (s *users) recordBody(u *user, piece []byte) {
	if u == nil || u.response == nil || !s.program.Messages[u.message].NeedsBody {
		return
	}
	if room := maxKept - len(u.response.body); len(piece) > room {
		piece, u.response.cut = piece[:room], true
	}
	u.response.body = append(u.response.body, piece...)
}

// judge runs the extracts and checks of the step on a response, and reports whether the response is as expected.
func (s *users) judge(u *user, status int, size, latency int64) (expected bool) {
	m := &s.program.Messages[u.message]
	q := &s.judged
	*q = extract.Response{Status: status}
	if u.response != nil {
		q.Head, q.Body = u.response.head, u.response.body
	}
	u.status, u.latency = int32(status), latency
	if s.program.Cookies && len(q.Head) > 0 {
		s.setCookies(u, q.Head)
	}
	if cut := s.unzip.Decode(q, maxKept); cut || u.response != nil && u.response.cut {
		s.loop.stats.users.cut++
	}
	s.trace.received(q, latency)
	s.wrong = wrong{}
	if s.redirect(u, q, m.Method) {
		if u.failed != "" {
			s.wrong = wrong{evidence.Status, u.failed}
		}
		s.trace.judged(u.failed == "")
		return u.failed == ""
	}
	if expected = m.Expected(status); !expected {
		s.wrong = wrong{evidence.Status, whyStatus(status)}
	}
	for i := range m.Extracts {
		e := &m.Extracts[i]
		value, found := e.Rule.Value(q, &s.random)
		if !found && e.Default != nil {
			value = *e.Default
		}
		s.trace.extracted(e.Name, value, found)
		switch {
		case found || e.Default != nil:
			u.variables[e.Slot] = value
		case u.failed == "":
			if u.failed = e.Name + " is not in the response"; s.wrong.cause == "" {
				s.wrong = wrong{evidence.Extract, u.failed}
			}
		}
	}
	s.test.Body = q.Body
	for _, c := range m.Checks {
		n := &s.loop.stats.users.checks[c.Index]
		met := c.Met(q, s.conditions(u), size, time.Duration(latency))
		s.trace.checked(c.Index, met)
		if met {
			n.passed++
		} else {
			n.failed++
			if expected {
				s.wrong = wrong{evidence.Check, s.program.Checks[c.Index].Check}
			}
			expected = false
		}
	}
	s.trace.judged(expected)
	return expected
}

func (s *users) setCookies(u *user, head []byte) {
	for line := range bytes.Lines(head) {
		if isSetCookie(line) {
			u.cookies().Set(s.program.Hosts[u.host].Name, u.path, s.seconds(), string(bytes.TrimSpace(line[len(setCookie):])))
		}
	}
}

// noClass is the class of a request that was answered.
const noClass = -1

// answered continues a user whose request has ended.
func (s *users) answered(f *flight, class int) {
	u := f.user
	f.user = nil
	s.trace.ended(&s.program.Messages[u.message], class)
	if class != noClass && u.failed == "" {
		u.failed = string(loadgen.Classes[class]) + " error"
	}
	s.recycle(u)
	u.conn = nil
	if u.state = userReady; class == noClass && u.hop.n > 0 && u.failed == "" {
		u.at-- // still the same step: its latency includes its redirects
	} else {
		u.due = s.loop.now
	}
	s.ready = append(s.ready, u)
}

// recycle reuses the user's response buffers.
func (s *users) recycle(u *user) {
	if r := u.response; r != nil {
		u.response = nil
		r.head = r.head[:0]
		r.cut = false
		if r.body = r.body[:0]; cap(r.body) <= 64<<10 { // an unusually large buffer is not kept
			s.responses = append(s.responses, r)
		}
	}
}
