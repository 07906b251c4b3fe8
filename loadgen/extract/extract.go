// Package extract extracts values from HTTP responses: by JSONPath, by regular expression, from headers, cookies and the
// status. [New] compiles a [Rule], and [Rule.Value] applies it to a [Response].
//
// The cost is bounded whatever the target sends: nesting may be arbitrarily deep, and a body is scanned at most a fixed number of times.
package extract

import (
	"bytes"
	"encoding/json"
	"fmt"
	"html"
	"math/rand/v2"
	"regexp"
	"strconv"
	"strings"
)

// Response is the input of an extraction. Head holds the header lines in the order received: "Name: value", each ended by a line feed.
type Response struct {
	Status int
	Head   []byte
	Body   []byte // may be truncated
}

// Source is the source of a value.
type Source uint8

// The sources of a value.
const (
	JSON Source = iota
	Regex
	Header
	Cookie
	Status
)

// Pick selects one of several values.
type Pick uint8

// The picks. All returns a JSON array of the values, Count their number, which may be 0.
const (
	First Pick = iota
	Last
	Random
	All
	Count
)

// maxMatches is the maximum number of values of one response that are considered.
const maxMatches = 10_000

// Picks are the names of the picks, indexed by their value.
var Picks = []string{"first", "last", "random", "all", "count"}

// Rule is one compiled extraction. Create one with [New].
type Rule struct {
	source Source
	pick   Pick
	path   *Path
	expr   *regexp.Regexp
	group  int
	name   string // of a header or cookie
	html   bool   // character references are resolved
}

// New compiles a rule. text is a JSONPath, an RE2 expression, or the name of a header or cookie. group is the capture group of
// a regular expression; negative: the first one, or the whole match if there is none.
func New(source Source, text string, group int, pick Pick) (*Rule, error) {
	r := &Rule{source: source, pick: pick, name: text}
	var err error
	switch source {
	case JSON:
		r.path, err = ParsePath(text)
	case Regex:
		err = r.compile(text, group)
	case Header, Cookie:
		if text == "" {
			err = fmt.Errorf("must not be empty")
		}
	}
	return r, err
}

// Within makes the rule return only a part of each header or cookie value, by an RE2 expression and group as in [New].
func (r *Rule) Within(text string, group int) error { return r.compile(text, group) }

func (r *Rule) compile(text string, group int) (err error) {
	if r.expr, err = regexp.Compile(text); err != nil {
		return fmt.Errorf("%w (regular expressions are RE2)", err)
	}
	if r.group = group; group < 0 {
		r.group = min(1, r.expr.NumSubexp())
	}
	if r.group > r.expr.NumSubexp() {
		return fmt.Errorf("there is no group %d: the expression has %d", r.group, r.expr.NumSubexp())
	}
	return nil
}

// ResolveHTML makes the rule resolve HTML character references in values: &amp; is &.
func (r *Rule) ResolveHTML() { r.html = true }

// Body reports whether the rule needs the body.
func (r *Rule) Body() bool { return r.source == JSON || r.source == Regex }

// Head reports whether the rule needs the header.
func (r *Rule) Head() bool { return r.source == Header || r.source == Cookie }

// Value returns the value found in a response; false if it has none. random is used by [Random] only.
func (r *Rule) Value(q *Response, random *rand.PCG) (string, bool) {
	if r.source == Status {
		return strconv.Itoa(q.Status), true
	}
	if r.pick == First {
		var first string
		var ok bool
		r.each(q, func(value []byte) bool {
			first, ok = r.text(value), true
			return false
		})
		return first, ok
	}
	return r.several(q, random)
}

func (r *Rule) several(q *Response, random *rand.PCG) (string, bool) {
	var list [][]byte
	r.each(q, func(value []byte) bool {
		list = append(list, value)
		return len(list) < maxMatches
	})
	n := len(list)
	switch {
	case r.pick == Count:
		return strconv.Itoa(n), true
	case n == 0:
		return "", false
	case r.pick == Last:
		return r.text(list[n-1]), true
	case r.pick == Random:
		return r.text(list[random.Uint64()%uint64(n)]), true
	}
	return r.array(list), true
}

// array returns values as a JSON array: JSON values unchanged, others as strings.
func (r *Rule) array(list [][]byte) string {
	if r.source == JSON {
		return "[" + string(bytes.Join(list, []byte(","))) + "]"
	}
	texts := make([]string, len(list))
	for i, value := range list {
		texts[i] = r.text(value)
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(texts) // strings can always be encoded
	return strings.TrimSuffix(b.String(), "\n")
}

func (r *Rule) text(value []byte) string {
	text := string(value)
	if r.source == JSON {
		text = Text(value)
	}
	if r.html {
		text = html.UnescapeString(text)
	}
	return text
}

// each calls found with every value, until it returns false.
func (r *Rule) each(q *Response, found func([]byte) bool) {
	if inner := found; r.expr != nil && r.source != Regex {
		found = func(value []byte) bool {
			more := true
			r.matches(value, func(part []byte) bool {
				more = inner(part)
				return more
			})
			return more
		}
	}
	switch r.source {
	case JSON:
		_ = r.path.Each(q.Body, found) // a value that needs too much work counts as not found
	case Regex:
		r.matches(q.Body, found)
	case Header:
		eachHeader(q.Head, r.name, found)
	case Cookie:
		eachHeader(q.Head, "Set-Cookie", func(value []byte) bool {
			pair, _, _ := bytes.Cut(value, []byte(";"))
			name, text, ok := bytes.Cut(pair, []byte("="))
			if !ok || string(bytes.TrimSpace(name)) != r.name {
				return true
			}
			return found(bytes.TrimSpace(text))
		})
	}
}

func (r *Rule) matches(body []byte, found func([]byte) bool) {
	limit := maxMatches
	if r.pick == First {
		limit = 1
	}
	for _, m := range r.expr.FindAllSubmatchIndex(body, limit) {
		from, to := m[2*r.group], m[2*r.group+1]
		if from >= 0 && !found(body[from:to]) {
			return
		}
	}
}

func eachHeader(head []byte, name string, found func([]byte) bool) {
	for line := range bytes.Lines(head) {
		have, value, ok := bytes.Cut(line, []byte(":"))
		if ok && len(have) == len(name) && strings.EqualFold(string(have), name) && !found(bytes.TrimSpace(value)) {
			return
		}
	}
}

// HeaderValue returns the first value of a header in a response's head, or "".
func HeaderValue(head []byte, name string) (value string) {
	eachHeader(head, name, func(v []byte) bool {
		value = string(v)
		return false
	})
	return value
}
