package template

import (
	"crypto/hmac"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	hexadecimal "encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// function compiles a call with its arguments.
type function func(args []word, names Names) (piece, error)

// functions are the functions of placeholders, by name.
var functions map[string]function

func init() { // not an initializer, since some functions refer to the table
	functions = map[string]function{
		"uuid":      noArguments(uuidPiece),
		"random":    noArguments(randomPiece),
		"user":      perUser(func(dst []byte, s *Scope) []byte { return strconv.AppendInt(dst, s.User, 10) }),
		"iteration": perUser(func(dst []byte, s *Scope) []byte { return strconv.AppendInt(dst, s.Iteration, 10) }),
		"int":       integer, "pick": pick, "now": now, "hmac": hmacSHA256,
		"base64":    transform(func(dst, v []byte) []byte { return base64.StdEncoding.AppendEncode(dst, v) }),
		"base64url": transform(func(dst, v []byte) []byte { return base64.RawURLEncoding.AppendEncode(dst, v) }),
		"sha256":    transform(func(dst, v []byte) []byte { sum := sha256.Sum256(v); return hexadecimal.AppendEncode(dst, sum[:]) }),
		"sha1":      transform(func(dst, v []byte) []byte { sum := sha1.Sum(v); return hexadecimal.AppendEncode(dst, sum[:]) }),
		"md5":       transform(func(dst, v []byte) []byte { sum := md5.Sum(v); return hexadecimal.AppendEncode(dst, sum[:]) }),
		"urlencode": urlEncode,
	}
}

// Functions lists the functions, for error messages.
const Functions = "uuid, random, user, iteration, node, int A B, pick a b c, now [layout] [-7d], base64, base64url, sha256, sha1, md5, hmac KEY, urlencode, raw"

// errUnknown is the error for an unknown name in a plain request.
var errUnknown = errors.New("must be {{seq}}, {{node}}, {{csv.COLUMN}}, {{env.NAME}}, {{secret.NAME}} or a function: " + Functions + `; write {{"{{"}} for literal braces`)

// IsFunction reports whether a name is that of a function. Variables must not have such a name.
func IsFunction(name string) bool { return functions[name] != nil || name == "node" || name == "raw" }

// piece compiles the inside of a placeholder.
func (n Names) piece(inside string) (piece, error) {
	inside = strings.TrimSpace(inside)
	if inside == "raw" {
		return piece{}, errors.New("needs a value that is not to be encoded, as in {{raw price}}")
	}
	if rest, ok := strings.CutPrefix(inside, "raw "); ok {
		p, err := n.named(strings.TrimSpace(rest))
		p.form = rawForm
		return p, err
	}
	return n.named(inside)
}

// named compiles a quoted text, a function with its arguments, or a name.
func (n Names) named(inside string) (piece, error) {
	words, err := split(inside)
	switch {
	case strings.HasPrefix(inside, "csv."):
		return n.value(word{text: inside})
	case err != nil:
		return piece{}, err
	case len(words) == 0:
		return piece{}, errBraces
	case words[0].quoted && len(words) == 1:
		return piece{text: words[0].text, form: literalForm}, nil
	case words[0].quoted || !isName(inside):
		return piece{}, errBraces
	}
	if call, ok := functions[words[0].text]; ok {
		return call(words[1:], n)
	}
	p, err := n.value(word{text: inside}) // a column name may have spaces
	if err != nil && len(words) > 1 {
		return piece{}, fmt.Errorf("%q is not a function; the functions are %s", words[0].text, Functions)
	}
	return p, err
}

// value compiles a quoted text, a constant, a variable, a column, or a function without arguments.
func (n Names) value(w word) (piece, error) {
	if w.quoted {
		return piece{text: w.text}, nil
	}
	if call, ok := functions[w.text]; ok {
		return call(nil, n)
	}
	if n.Constant != nil {
		if text, ok, err := n.Constant(w.text); ok || err != nil {
			return piece{text: text, secret: n.holdsSecret(w.text)}, err
		}
	}
	if n.Variable != nil {
		index, err := n.Variable(w.text)
		return piece{kind: variablePiece, index: index, secret: n.holdsSecret(w.text)}, err
	}
	column, isColumn := strings.CutPrefix(w.text, "csv.")
	switch {
	case w.text == "seq":
		return piece{kind: seqPiece}, nil
	case !isColumn:
		return piece{}, errUnknown
	case n.Table == nil:
		return piece{}, errors.New("needs a csv")
	}
	return n.Table.piece(column)
}

func (n Names) holdsSecret(name string) bool { return n.Secret != nil && n.Secret(name) }

// derived marks a piece that a function computes from its arguments.
func (n Names) derived(p piece, arguments ...Template) piece {
	if p.secret = slices.ContainsFunc(arguments, Template.Secret); p.secret && n.Derived != nil {
		n.Derived(p.text)
	}
	return p
}

// noArguments returns a function without arguments that is a kind of piece.
func noArguments(k kind) function {
	return func(args []word, _ Names) (piece, error) {
		if len(args) > 0 {
			return piece{}, errors.New("takes no arguments")
		}
		return piece{kind: k}, nil
	}
}

// perUser returns a function without arguments that is available in scenarios only.
func perUser(call func(dst []byte, s *Scope) []byte) function {
	return func(args []word, names Names) (piece, error) {
		switch {
		case len(args) > 0:
			return piece{}, errors.New("takes no arguments")
		case names.Variable == nil:
			return piece{}, errors.New("is available in scenarios only; plain requests have {{seq}}")
		}
		return piece{kind: callPiece, call: call}, nil
	}
}

func integer(args []word, _ Names) (piece, error) {
	if len(args) != 2 {
		return piece{}, errors.New("needs a minimum and a maximum, as in {{int 1 500}}")
	}
	a, err := strconv.ParseInt(args[0].text, 10, 64)
	b, err2 := strconv.ParseInt(args[1].text, 10, 64)
	if err != nil || err2 != nil || a > b {
		return piece{}, errors.New("needs two integers, the smaller one first")
	}
	n := uint64(b-a) + 1
	return piece{kind: callPiece, call: func(dst []byte, s *Scope) []byte {
		r := s.Random.Uint64()
		if n != 0 { // 0: the range has all 2^64 values
			r %= n
		}
		return strconv.AppendInt(dst, a+int64(r), 10)
	}}, nil
}

func pick(args []word, _ Names) (piece, error) {
	if len(args) == 0 {
		return piece{}, errors.New("needs values to pick from, as in {{pick red green blue}}")
	}
	return piece{kind: callPiece, call: func(dst []byte, s *Scope) []byte {
		return append(dst, args[s.Random.Uint64()%uint64(len(args))].text...)
	}}, nil
}

// now is the current time in UTC: RFC 3339, Unix seconds or milliseconds, or a layout of Go's time package. The last argument may be a
// shift, as parsed by parseShift.
func now(args []word, _ Names) (piece, error) {
	at := func(s *Scope) time.Time { return s.Now().UTC() }
	if n := len(args); n > 0 && strings.ContainsAny(args[n-1].text[:min(1, len(args[n-1].text))], "+-") {
		shift, err := parseShift(args[n-1].text)
		if err != nil {
			return piece{}, err
		}
		at, args = func(s *Scope) time.Time { return shift(s.Now().UTC()) }, args[:n-1]
	}
	layout := time.RFC3339
	switch {
	case len(args) > 1:
		return piece{}, errors.New(`takes at most a layout and a shift, as in {{now "2006-01-02" -7d}}`)
	case len(args) == 1 && args[0].text == "unix":
		return piece{kind: callPiece, call: func(dst []byte, s *Scope) []byte { return strconv.AppendInt(dst, at(s).Unix(), 10) }}, nil
	case len(args) == 1 && args[0].text == "unixms":
		return piece{kind: callPiece, call: func(dst []byte, s *Scope) []byte { return strconv.AppendInt(dst, at(s).UnixMilli(), 10) }}, nil
	case len(args) == 1:
		layout = args[0].text
	}
	return piece{kind: callPiece, call: func(dst []byte, s *Scope) []byte { return at(s).AppendFormat(dst, layout) }}, nil
}

// maxShift is the maximum shift in years: a year must keep its four digits.
const maxShift = 1000

// parseShift parses a shift of time: calendar years or days (+18y, -7d), or a duration (+90m).
func parseShift(text string) (func(time.Time) time.Time, error) {
	wrong := fmt.Errorf("%q is not a time shift: must be + or - and a number with d (days), y (years), h, m or s, such as -7d, +18y or +90m; at most %d years", text, maxShift)
	if number, unit := text[:len(text)-1], text[len(text)-1]; unit == 'd' || unit == 'y' {
		n, err := strconv.Atoi(number)
		switch {
		case err != nil || n > 366*maxShift || n < -366*maxShift || unit == 'y' && (n > maxShift || n < -maxShift):
			return nil, wrong
		case unit == 'y':
			return func(t time.Time) time.Time { return t.AddDate(n, 0, 0) }, nil
		}
		return func(t time.Time) time.Time { return t.AddDate(0, 0, n) }, nil
	}
	d, err := time.ParseDuration(text)
	if err != nil {
		return nil, wrong
	}
	return func(t time.Time) time.Time { return t.Add(d) }, nil
}

// concatenated compiles arguments to one text.
func concatenated(args []word, names Names) (Template, error) {
	if len(args) == 0 {
		return nil, errors.New(`needs variables or quoted texts, as in {{base64 user ":" password}}`)
	}
	var t Template
	for _, a := range args {
		p, err := names.value(a)
		if err == nil {
			err = p.encode("", Verbatim)
		}
		if err != nil {
			return nil, err
		}
		t = t.add(p)
	}
	return t, nil
}

// transform returns a function that applies f to its concatenated arguments.
func transform(f func(dst, value []byte) []byte) function {
	return func(args []word, names Names) (piece, error) {
		t, err := concatenated(args, names)
		if err != nil {
			return piece{}, err
		}
		if text, ok := t.Constant(); ok {
			return names.derived(piece{text: string(f(nil, []byte(text)))}, t), nil
		}
		return names.derived(piece{kind: callPiece, call: func(dst []byte, s *Scope) []byte { return f(dst, s.fill(t)) }}, t), nil
	}
}

// urlEncode percent-encodes its concatenated arguments. In a form given as a text, the result is not encoded again.
func urlEncode(args []word, names Names) (piece, error) {
	p, err := transform(URLPart.appendBytes)(args, names)
	p.form = percentForm
	return p, err
}

// hmacSHA256 is the hexadecimal HMAC-SHA256 of its concatenated arguments after the first, which is the key.
func hmacSHA256(args []word, names Names) (piece, error) {
	if len(args) < 2 {
		return piece{}, errors.New("needs a key and values to sign, as in {{hmac secret.KEY body}}")
	}
	key, err := concatenated(args[:1], names)
	if err != nil {
		return piece{}, err
	}
	t, err := concatenated(args[1:], names)
	return names.derived(piece{kind: callPiece, call: func(dst []byte, s *Scope) []byte {
		h := hmac.New(sha256.New, s.fill(key))
		h.Write(s.fill(t))
		return hexadecimal.AppendEncode(dst, h.Sum(nil))
	}}, key, t), err
}

// appendUUID appends a random UUID (RFC 9562, version 4).
func appendUUID(dst []byte, high, low uint64) []byte {
	high = high&^0xf000 | 0x4000
	low = low&^(3<<62) | 2<<62
	for i, n := range [2]uint64{high, low} {
		for shift := 60; shift >= 0; shift -= 4 {
			if i == 0 && (shift == 28 || shift == 12) || i == 1 && (shift == 60 || shift == 44) {
				dst = append(dst, '-')
			}
			dst = append(dst, "0123456789abcdef"[n>>shift&15])
		}
	}
	return dst
}
