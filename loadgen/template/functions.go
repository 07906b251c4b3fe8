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
	"strconv"
	"strings"
	"time"
)

// function makes a piece of a function's arguments.
type function func(args []word, names Names) (piece, error)

// functions are what may stand first between braces.
var functions map[string]function

func init() { // here, since some look into the table themselves
	functions = map[string]function{
		"uuid":      alone(uuidPiece),
		"random":    alone(randomPiece),
		"user":      ofUsers(func(dst []byte, s *Scope) []byte { return strconv.AppendInt(dst, s.User, 10) }),
		"iteration": ofUsers(func(dst []byte, s *Scope) []byte { return strconv.AppendInt(dst, s.Iteration, 10) }),
		"int":       between, "pick": pick, "now": now, "hmac": keyed,
		"base64":    over(func(dst, v []byte) []byte { return base64.StdEncoding.AppendEncode(dst, v) }),
		"base64url": over(func(dst, v []byte) []byte { return base64.RawURLEncoding.AppendEncode(dst, v) }),
		"sha256":    over(func(dst, v []byte) []byte { sum := sha256.Sum256(v); return hexadecimal.AppendEncode(dst, sum[:]) }),
		"sha1":      over(func(dst, v []byte) []byte { sum := sha1.Sum(v); return hexadecimal.AppendEncode(dst, sum[:]) }),
		"md5":       over(func(dst, v []byte) []byte { sum := md5.Sum(v); return hexadecimal.AppendEncode(dst, sum[:]) }),
		"urlencode": percent,
	}
}

// Functions describes the functions, for error messages.
const Functions = "uuid, random, user, iteration, node, int A B, pick a b c, now [layout] [-7d], base64, base64url, sha256, sha1, md5, hmac KEY, urlencode, raw"

// errUnknown is the error for a name in a plain request.
var errUnknown = errors.New("must be {{seq}}, {{node}}, {{csv.COLUMN}}, {{env.NAME}}, {{secret.NAME}} or a function: " + Functions + `; literal braces are written {{"{{"}}`)

// IsFunction tells whether a name is that of a function, which no variable can have.
func IsFunction(name string) bool { return functions[name] != nil || name == "node" || name == "raw" }

// piece makes a piece of what stands between braces.
func (n Names) piece(inside string) (piece, error) {
	inside = strings.TrimSpace(inside)
	if inside == "raw" {
		return piece{}, errors.New("it takes what is not to be encoded, as in {{raw price}}")
	}
	if rest, ok := strings.CutPrefix(inside, "raw "); ok {
		p, err := n.named(strings.TrimSpace(rest))
		p.form = rawForm
		return p, err
	}
	return n.named(inside)
}

// named makes a piece of a text, a function with its arguments, or a name.
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
	case words[0].quoted || !named(inside):
		return piece{}, errBraces
	}
	if call, ok := functions[words[0].text]; ok {
		return call(words[1:], n)
	}
	p, err := n.value(word{text: inside}) // a column's name may have blanks
	if err != nil && len(words) > 1 {
		return piece{}, fmt.Errorf("%q is not a function: functions are %s", words[0].text, Functions)
	}
	return p, err
}

// value is a text, a constant, a variable, a column, or a function without arguments.
func (n Names) value(w word) (piece, error) {
	if w.quoted {
		return piece{text: w.text}, nil
	}
	if call, ok := functions[w.text]; ok {
		return call(nil, n)
	}
	if n.Constant != nil {
		if text, ok, err := n.Constant(w.text); ok || err != nil {
			return piece{text: text}, err
		}
	}
	if n.Variable != nil {
		place, err := n.Variable(w.text)
		return piece{kind: variablePiece, place: place}, err
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

// alone is a function without arguments that has a kind of its own.
func alone(k kind) function {
	return func(args []word, _ Names) (piece, error) {
		if len(args) > 0 {
			return piece{}, errors.New("it takes no arguments")
		}
		return piece{kind: k}, nil
	}
}

// ofUsers is a function without arguments that only scenarios have.
func ofUsers(call func(dst []byte, s *Scope) []byte) function {
	return func(args []word, names Names) (piece, error) {
		switch {
		case len(args) > 0:
			return piece{}, errors.New("it takes no arguments")
		case names.Variable == nil:
			return piece{}, errors.New("is for scenarios: without them requests have {{seq}}")
		}
		return piece{kind: callPiece, call: call}, nil
	}
}

func between(args []word, _ Names) (piece, error) {
	if len(args) != 2 {
		return piece{}, errors.New("it takes the least and the greatest number, as in {{int 1 500}}")
	}
	a, err := strconv.ParseInt(args[0].text, 10, 64)
	b, err2 := strconv.ParseInt(args[1].text, 10, 64)
	if err != nil || err2 != nil || a > b {
		return piece{}, errors.New("it takes two whole numbers, the lesser first")
	}
	n := uint64(b-a) + 1
	return piece{kind: callPiece, call: func(dst []byte, s *Scope) []byte {
		r := s.Random.Uint64()
		if n != 0 { // all 2^64 of them
			r %= n
		}
		return strconv.AppendInt(dst, a+int64(r), 10)
	}}, nil
}

func pick(args []word, _ Names) (piece, error) {
	if len(args) == 0 {
		return piece{}, errors.New("it takes what to pick from, as in {{pick red green blue}}")
	}
	return piece{kind: callPiece, call: func(dst []byte, s *Scope) []byte {
		return append(dst, args[s.Random.Uint64()%uint64(len(args))].text...)
	}}, nil
}

// now is the time in UTC: RFC 3339, seconds or milliseconds since 1970, or a layout of Go's time package; and, with a shift as the
// last argument, that time so much later or earlier.
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
		return piece{}, errors.New(`it takes a layout and a shift at most, as in {{now "2006-01-02" -7d}}`)
	case len(args) == 1 && args[0].text == "unix":
		return piece{kind: callPiece, call: func(dst []byte, s *Scope) []byte { return strconv.AppendInt(dst, at(s).Unix(), 10) }}, nil
	case len(args) == 1 && args[0].text == "unixms":
		return piece{kind: callPiece, call: func(dst []byte, s *Scope) []byte { return strconv.AppendInt(dst, at(s).UnixMilli(), 10) }}, nil
	case len(args) == 1:
		layout = args[0].text
	}
	return piece{kind: callPiece, call: func(dst []byte, s *Scope) []byte { return at(s).AppendFormat(dst, layout) }}, nil
}

// maxShift is the most years of a shift, so that every time has four digits of a year in common layouts.
const maxShift = 1000

// parseShift reads how much later (+) or earlier (-) a time is: years and days of the calendar (+18y, -7d), or a duration (+90m).
func parseShift(text string) (func(time.Time) time.Time, error) {
	wrong := fmt.Errorf("%q is no shift of time: give + or - and a number with d (days), y (years) or h, m, s, as in -7d, +18y or +90m; at most %d years", text, maxShift)
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

// joined are arguments one behind the other.
func joined(args []word, names Names) (Template, error) {
	if len(args) == 0 {
		return nil, errors.New(`it takes variables and texts in quotes, as in {{base64 user ":" password}}`)
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

// over makes a function of what its arguments are together.
func over(f func(dst, value []byte) []byte) function {
	return func(args []word, names Names) (piece, error) {
		t, err := joined(args, names)
		if err != nil {
			return piece{}, err
		}
		if text, ok := t.Constant(); ok {
			return piece{text: string(f(nil, []byte(text)))}, nil
		}
		return piece{kind: callPiece, call: func(dst []byte, s *Scope) []byte { return f(dst, s.work(t)) }}, nil
	}
}

// percent is what its arguments are together, percent-encoded. A form that is written as a text takes it as it is.
func percent(args []word, names Names) (piece, error) {
	p, err := over(URLPart.appendBytes)(args, names)
	p.form = percentForm
	return p, err
}

// keyed is HMAC-SHA256 in hexadecimal, of a key and of what the other arguments are together.
func keyed(args []word, names Names) (piece, error) {
	if len(args) < 2 {
		return piece{}, errors.New("it takes a key and what to sign, as in {{hmac secret.KEY body}}")
	}
	key, err := joined(args[:1], names)
	if err != nil {
		return piece{}, err
	}
	t, err := joined(args[1:], names)
	return piece{kind: callPiece, call: func(dst []byte, s *Scope) []byte {
		h := hmac.New(sha256.New, s.work(key))
		h.Write(s.work(t))
		return hexadecimal.AppendEncode(dst, h.Sum(nil))
	}}, err
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
