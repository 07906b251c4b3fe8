// Package script compiles a spec to what one driver sends: each request as bytes or as pieces to fill in, for HTTP/1.1
// and HTTP/2. Compiling happens once, before a run; reading a script allocates nothing.
package script

import (
	"encoding/base64"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/url"
	"slices"
	"sort"
	"strconv"
	"strings"
	"time"

	"golang.org/x/net/http/httpguts"

	"landfall/loadgen"
	"landfall/loadgen/field"
	"landfall/loadgen/http2"
	"landfall/loadgen/template"
)

// Options are what a script needs to know of the driver that sends it.
type Options struct {
	NodeID               string
	Version              string            // of landfall, for User-Agent
	DriverIndex, Drivers int               // Drivers 0: 1
	Setup                map[string]string // variables that the driver's setup has set
}

// A requestScript is everything that a driver sends, compiled once and shared by its loops; it is never modified.
type Script struct {
	Requests   []scripted
	sequence   bool
	cumulative []int64 // weights, summed up to each request
	seed       uint64
	index, of  int64

	Program *Program // of a spec with scenarios, whose steps Requests then are; else nil
}

// scripted is one request of a script.
type scripted struct {
	loadgen.Request        // with what it takes from the spec
	Constant        []byte // the whole request as bytes, when it is always the same; else nil
	path            template.Template
	headers         []scriptedHeader  // Host first, the body's length not among them
	head            template.Template // up to the header before Content-Length
	body            template.Template
	length          bool // Content-Length is sent

	fields  []http2.Field       // the same for HTTP/2
	varying []template.Template // of the fields that vary, in their order
	shared  []byte              // the body, when it is always the same
}

type scriptedHeader struct {
	name  string // as the spec writes it
	value template.Template
}

// newScript compiles a spec that has its defaults. Errors are *FieldError.
func Compile(spec loadgen.Spec, o Options) (*Script, error) {
	o.Drivers = max(o.Drivers, 1)
	table, err := template.ParseRows(spec.CSV)
	if err != nil {
		return nil, err
	}
	if table != nil && spec.CSVSplit {
		if table, err = table.Part(o.DriverIndex, o.Drivers); err != nil {
			return nil, err
		}
	}
	s := &Script{sequence: spec.Order == "sequence", seed: spec.Seed, index: int64(o.DriverIndex), of: int64(o.Drivers)}
	if s.seed == 0 {
		s.seed = rand.Uint64()
	}
	if len(spec.Scenarios) > 0 {
		return s, s.scenarios(&spec, o, table)
	}
	var total int64
	var placeholders, size int
	for i, r := range spec.Whole() {
		if size += weigh(r); size > maxScript {
			return nil, field.Wrong("requests", "", "must have at most %d bytes of bodies and headers together, as JSON (each request has the spec's, but for its own)", maxScript)
		}
		at := ""
		if len(spec.Requests) > 0 {
			at = fmt.Sprintf("requests[%d].", i)
		}
		c := compiler{spec: &spec, o: o, table: table, field: at}
		compiled, err := c.compile(r)
		if err != nil {
			return nil, err
		}
		if placeholders += compiled.head.Varying() + compiled.body.Varying(); placeholders > template.MaxPlaceholders {
			return nil, template.TooManyPlaceholders("requests")
		}
		total += int64(max(r.Weight, 1))
		s.Requests, s.cumulative = append(s.Requests, *compiled), append(s.cumulative, total)
	}
	return s, nil
}

// maxScript bounds what the requests of a spec take together, in bytes. The largest record that can carry a spec has as many.
const maxScript = 16 << 20

// weigh returns the bytes that a request's body and headers take in a message.
func weigh(r loadgen.Request) int {
	n := loadgen.EscapedLen(r.Body) + len(r.BodyBase64)
	for name, value := range r.Headers {
		n += len(name) + loadgen.EscapedLen(value)
	}
	return n
}

// Check returns a *FieldError for the first field of a spec that is wrong, placeholders, CSV and request URLs
// included. The spec has its defaults.
func Check(spec loadgen.Spec) error {
	if err := spec.Validate(); err != nil {
		return err
	}
	_, err := Compile(spec, Options{NodeID: "node"})
	return err
}

// compiler turns one request into a scripted one.
type compiler struct {
	spec  *loadgen.Spec
	o     Options
	table *template.Rows
	field string // "", or "requests[i]."
}

func (c compiler) template(at, text string, where template.Place) (template.Template, error) {
	return template.Parse(c.field+at, text, where, c.names())
}

func (c compiler) names() template.Names {
	return template.Names{Constant: constants(c.spec, c.o.NodeID), Table: c.table}
}

func (c compiler) compile(r loadgen.Request) (*scripted, error) {
	if r.Method == "" {
		r.Method = "GET"
	}
	if !httpguts.ValidHeaderFieldName(r.Method) {
		return nil, field.Wrong(c.field+"method", r.Method, "must be an HTTP method, such as GET")
	}
	host, user, path, err := c.resolve(r.URL)
	if err != nil {
		return nil, err
	}
	s := &scripted{Request: r, path: path}
	if s.body, err = c.bodyTemplate(r); err != nil {
		return nil, err
	}
	if err := c.headers(s, host, user); err != nil {
		return nil, err
	}
	if err := c.expectedText(s); err != nil {
		return nil, err
	}
	s.length = len(s.body) > 0 || r.Method == "POST" || r.Method == "PUT" || r.Method == "PATCH"
	s.head = template.Fixed(r.Method+" ").Join(s.path, template.Fixed(" HTTP/1.1\r\n"))
	for _, h := range s.headers {
		s.head = s.head.Join(template.Fixed(h.name+": "), h.value, template.Fixed("\r\n"))
	}
	c.http2(s, host)
	if s.head.Varying() == 0 && s.body.Varying() == 0 {
		s.Constant = s.appendTo(nil, nil)
	}
	return s, nil
}

// bodyTemplate is a request's body. Placeholders stand in texts only.
func (c compiler) bodyTemplate(r loadgen.Request) (template.Template, error) {
	if r.BodyBase64 == "" {
		return c.template("body", r.Body, template.PlaceOfBody(contentType(r.Headers), r.Body))
	}
	raw, err := base64.StdEncoding.DecodeString(r.BodyBase64)
	if err != nil {
		return nil, field.Wrong(c.field+"body_base64", r.BodyBase64, "must be base64 (RFC 4648 §4)")
	}
	return template.Fixed(string(raw)), nil
}

// expectedText puts the text that a body must contain in place of its template, which must not vary.
func (c compiler) expectedText(s *scripted) error {
	const at = "expect.body_contains"
	t, err := c.template(at, s.Expect.BodyContains, template.InText)
	if err != nil || len(t) == 0 {
		return err
	}
	text, ok := t.Constant()
	if !ok {
		return field.Wrong(c.field+at, s.Expect.BodyContains, "must be the same for every request")
	}
	if coding, _ := loadgen.HeaderOf(s.Headers, "Accept-Encoding"); coding != "" && coding != "identity" {
		return field.Wrong(c.field+"headers.Accept-Encoding", coding, "a compressed body cannot be searched: leave out this header or expect.body_contains")
	}
	s.Expect.BodyContains = text
	return nil
}

func contentType(headers map[string]string) string {
	value, _ := loadgen.HeaderOf(headers, "Content-Type")
	return value
}

// headers lists what is sent, in an order that does not change: Host, User-Agent, Authorization of the URL, the spec's by name.
func (c compiler) headers(s *scripted, host string, user *url.Userinfo) error {
	defaults := []struct{ name, value string }{{"Host", host}, {"User-Agent", strings.TrimSuffix("landfall/"+c.o.Version, "/")}}
	if user != nil {
		password, _ := user.Password()
		defaults = append(defaults, struct{ name, value string }{
			"Authorization", "Basic " + base64.StdEncoding.EncodeToString([]byte(user.Username()+":"+password)),
		})
	}
	if c.spec.NoKeepalive {
		defaults = append(defaults, struct{ name, value string }{"Connection", "close"})
	}
	given := slices.Sorted(maps.Keys(s.Request.Headers))
	for _, d := range defaults {
		if value, has := loadgen.HeaderOf(s.Request.Headers, d.name); has {
			d.value = value
			given = slices.DeleteFunc(given, func(name string) bool { return strings.EqualFold(name, d.name) })
			if value == "" && d.name == "User-Agent" {
				continue // the way to send none
			}
		}
		if err := c.header(s, d.name, d.value); err != nil {
			return err
		}
	}
	for _, name := range given {
		if err := c.header(s, name, s.Request.Headers[name]); err != nil {
			return err
		}
	}
	return nil
}

func (c compiler) header(s *scripted, name, value string) error {
	at := "headers." + name
	switch {
	case !httpguts.ValidHeaderFieldName(name):
		return field.Wrong(c.field+"headers", name, "is not a header's name")
	case !httpguts.ValidHeaderFieldValue(value):
		return field.Wrong(c.field+at, field.Hidden, "is not a header's value")
	case shellVariable.MatchString(value):
		return notFilledIn(c.field+at, value)
	case strings.EqualFold(name, "Content-Length"):
		return nil // it follows from the body
	case strings.EqualFold(name, "Transfer-Encoding") || strings.EqualFold(name, "Trailer") || strings.EqualFold(name, "Upgrade"):
		return field.Wrong(c.field+at, value, "bodies are sent whole, with their length: leave this header out")
	}
	t, err := c.template(at, value, template.InHeader)
	s.headers = append(s.headers, scriptedHeader{name, t})
	return err
}

// appendTo writes the request as HTTP/1.1.
func (s *scripted) appendTo(dst []byte, from *template.Scope) []byte {
	dst = s.head.Append(dst, from)
	if !s.length {
		return append(dst, "\r\n"...)
	}
	dst = append(dst, "Content-Length: "...)
	if body, ok := s.body.Constant(); ok {
		dst = strconv.AppendInt(dst, int64(len(body)), 10)
		return append(append(dst, "\r\n\r\n"...), body...)
	}
	// The length is known when the body is written: it goes a little further back first, and moves up behind its length.
	const room = "00000000000000000000\r\n\r\n"
	at := len(dst)
	dst = append(dst, room...)
	dst = s.body.Append(dst, from)
	body := dst[at+len(room):]
	head := strconv.AppendInt(dst[:at], int64(len(body)), 10)
	head = append(head, "\r\n\r\n"...)
	return append(head, body...)
}

// A scriptReader gives one loop its requests. It is not safe for use by several.
type Reader struct {
	script *Script
	random rand.PCG
	scope  template.Scope
}

// Reader makes the reader of a loop; loops with different numbers get different random values.
func (s *Script) Reader(loop int) *Reader {
	r := &Reader{script: s, random: *rand.NewPCG(s.seed, uint64(s.index)<<32|uint64(loop))}
	r.scope = template.Scope{Random: &r.random, Now: time.Now}
	return r
}

// Pick is which request of the script the driver's request k is.
func (r *Reader) Pick(k int64) int {
	s := r.script
	switch {
	case len(s.Requests) == 1:
		return 0
	case s.sequence:
		return int(k % int64(len(s.Requests)))
	}
	n := int64(r.random.Uint64() >> 1 % uint64(s.cumulative[len(s.cumulative)-1]))
	return sort.Search(len(s.cumulative), func(i int) bool { return s.cumulative[i] > n })
}

// row is the row of the table that the driver's request k has: of a sequence, one for each time through.
func (s *Script) row(k int64) int64 {
	if s.sequence {
		return k / int64(len(s.Requests))
	}
	return k
}

// Known is the request line and header of request i as the driver's request k, as far as they are known once it has been
// sent: random values are placeholders.
func (s *Script) Known(i int, k int64) []byte {
	return s.Requests[i].head.AppendKnown(nil, s.row(k), k*s.of+s.index)
}

// Bytes is request i of the script as the driver's request k, counted from 0: either bytes that all requests share, which
// must not be changed, or dst with the request appended. Nothing is allocated but the room that dst may need.
func (r *Reader) Bytes(dst []byte, i int, k int64) []byte {
	q := &r.script.Requests[i]
	if q.Constant != nil {
		return q.Constant
	}
	return q.appendTo(dst, r.from(k))
}

// from is what the driver's request k is filled in from.
func (r *Reader) from(k int64) *template.Scope {
	r.scope.Row, r.scope.Seq = r.script.row(k), k*r.script.of+r.script.index
	return &r.scope
}
