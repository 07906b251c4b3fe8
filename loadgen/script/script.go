// Package script compiles a spec into the requests that one driver sends. Compiling happens once, before a run; writing a
// request allocates nothing.
//
// [Compile] returns a [Script]. Each loop of the engine takes the requests of a plain spec from a [Reader] of its own, for HTTP/1.1
// ([Reader.Bytes]) or HTTP/2 ([Reader.HTTP2]). The scenarios of a spec become a [Program]: a list of operations that every user
// executes, whose requests a [Filler] writes. [Check] only reports whether a spec compiles.
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

// Options describe the driver that sends the requests.
type Options struct {
	NodeID, Version      string             // Version: of landfall, for User-Agent
	DriverIndex, Drivers int                // index from 0; Drivers 0 means 1
	Setup                map[string]string  // variables that the setup steps have set in this driver
	Derived              func(value string) // receives values that functions compute from secrets, when the spec is compiled; "": computed for each request; may be nil
}

// Script is a compiled spec. The loops of a driver share it; it is never modified.
type Script struct {
	Requests   []scripted // of a spec with scenarios: one for each message of Program, with its name and method only
	sequence   bool
	cumulative []int64 // running sum of the requests' weights
	seed       uint64
	index, of  int64

	Program *Program // nil for a spec without scenarios
}

// scripted is one request of a script.
type scripted struct {
	loadgen.Request        // with the values that it inherits from the spec
	Constant        []byte // the whole HTTP/1.1 request if it has no placeholders; else nil
	path            template.Template
	headers         []scriptedHeader  // Host first, without Content-Length
	head            template.Template // request line and headers, without Content-Length
	body            template.Template
	length          bool // Content-Length is sent

	fields  []http2.Field       // header fields for HTTP/2
	varying []template.Template // values of the fields that vary, in their order
	shared  []byte              // the body if it has no placeholders
}

type scriptedHeader struct {
	name  string // as the spec writes it
	value template.Template
}

// Compile compiles a spec for one driver. The spec must be valid and have its defaults ([loadgen.Spec.WithDefaults]). Errors are
// [*field.Error].
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

// maxScript is the maximum size of all requests of a spec together, in bytes: that of the largest record that can carry a spec.
const maxScript = 16 << 20

// weigh returns the size of a request's body and headers in a message, in bytes.
func weigh(r loadgen.Request) int {
	n := loadgen.EscapedLen(r.Body) + len(r.BodyBase64)
	for name, value := range r.Headers {
		n += len(name) + loadgen.EscapedLen(value)
	}
	return n
}

// Check returns a [*field.Error] for the first invalid field of a spec, including placeholders, CSV and request URLs. The spec must have
// its defaults.
func Check(spec loadgen.Spec) error {
	if err := spec.Validate(); err != nil {
		return err
	}
	_, err := Compile(spec, Options{NodeID: "node"})
	return err
}

// compiler compiles one request of a plain spec.
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
	return template.Names{Constant: constants(c.spec, c.o.NodeID), Table: c.table, Secret: isSecret, Derived: c.o.Derived}
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
	origin, credentials, err := c.viaProxy(s)
	if err != nil {
		return nil, err
	}
	s.head = template.Fixed(r.Method+" "+origin).Join(s.path, template.Fixed(" HTTP/1.1\r\n"+credentials))
	for _, h := range s.headers {
		s.head = s.head.Join(template.Fixed(h.name+": "), h.value, template.Fixed("\r\n"))
	}
	c.http2(s, host)
	if s.head.Varying() == 0 && s.body.Varying() == 0 {
		s.Constant = s.appendTo(nil, nil)
	}
	return s, nil
}

// bodyTemplate compiles a request's body. Base64 bodies have no placeholders.
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

// expectedText fills in the placeholders of expect.body_contains, which must not vary.
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
		return field.Wrong(c.field+"headers.Accept-Encoding", coding, "a compressed body cannot be searched: remove this header or expect.body_contains")
	}
	s.Expect.BodyContains = text
	return nil
}

func contentType(headers map[string]string) string {
	value, _ := loadgen.HeaderOf(headers, "Content-Type")
	return value
}

// headers compiles the headers in a fixed order: Host, User-Agent, Authorization from the URL, then those of the spec by name.
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
				continue // an empty User-Agent is not sent
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
		return field.Wrong(c.field+"headers", name, "is not a valid header name")
	case !httpguts.ValidHeaderFieldValue(value):
		return field.Wrong(c.field+at, field.Hidden, "is not a valid header value")
	case shellVariable().MatchString(value):
		return notExpanded(c.field+at, value)
	case strings.EqualFold(name, "Content-Length"):
		return nil // computed from the body
	case strings.EqualFold(name, "Transfer-Encoding") || strings.EqualFold(name, "Trailer") || strings.EqualFold(name, "Upgrade"):
		return field.Wrong(c.field+at, value, "bodies are always sent with Content-Length: remove this header")
	}
	t, err := c.template(at, value, template.InHeader)
	s.headers = append(s.headers, scriptedHeader{name, t})
	return err
}

// appendTo appends the request as HTTP/1.1.
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
	// The length is known only once the body is written: leave room for it, then move the body up.
	const room = "00000000000000000000\r\n\r\n"
	at := len(dst)
	dst = append(dst, room...)
	dst = s.body.Append(dst, from)
	body := dst[at+len(room):]
	head := strconv.AppendInt(dst[:at], int64(len(body)), 10)
	head = append(head, "\r\n\r\n"...)
	return append(head, body...)
}

// Reader returns the requests of one loop. It must not be used by several loops at once.
type Reader struct {
	script *Script
	random rand.PCG
	scope  template.Scope
}

// Reader returns the reader of a loop. Loops with different numbers get different random values.
func (s *Script) Reader(loop int) *Reader {
	r := &Reader{script: s, random: *rand.NewPCG(s.seed, uint64(s.index)<<32|uint64(loop))}
	r.scope = template.Scope{Random: &r.random, Now: time.Now}
	return r
}

// Pick returns the index in [Script.Requests] of the driver's request k: by order in a sequence, else drawn by weight.
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

// row returns the CSV row of the driver's request k. In a sequence, all requests of one pass have the same row.
func (s *Script) row(k int64) int64 {
	if s.sequence {
		return k / int64(len(s.Requests))
	}
	return k
}

// Known returns the request line and header of request i, as the driver's request k, after it was sent, with placeholders for random values.
func (s *Script) Known(i int, k int64) []byte {
	return s.Requests[i].head.AppendKnown(nil, s.row(k), k*s.of+s.index)
}

// Bytes returns request i of the script as HTTP/1.1, as the driver's request k from 0: either bytes that all requests share and that
// must not be changed, or dst with the request appended. It allocates only if dst must grow.
func (r *Reader) Bytes(dst []byte, i int, k int64) []byte {
	q := &r.script.Requests[i]
	if q.Constant != nil {
		return q.Constant
	}
	return q.appendTo(dst, r.from(k))
}

// from returns the values of the driver's request k.
func (r *Reader) from(k int64) *template.Scope {
	r.scope.Row, r.scope.Seq = r.script.row(k), k*r.script.of+r.script.index
	return &r.scope
}
