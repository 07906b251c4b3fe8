package placeholder

import (
	"crypto/hmac"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	hexadecimal "encoding/hex"
	"errors"
	"fmt"
	"landfall/loadgen/template"
	"strconv"
	"strings"
	"time"
)

// word is an argument: a literal in quotes, or a bare word.
type word struct {
	text   string
	quoted bool
}

// functions are what may stand first between braces; each makes a piece of its arguments.
var functions map[string]func(args []word, names Names) (piece, error)

func init() { // here, since some look into the table themselves
	functions = map[string]func([]word, Names) (piece, error){
		"uuid": plain(func(dst []byte, s *Scope) []byte {
			return template.AppendUUID(dst, s.Random.Uint64(), s.Random.Uint64())
		}),
		"random":    plain(func(dst []byte, s *Scope) []byte { return strconv.AppendUint(dst, s.Random.Uint64()>>11, 10) }),
		"user":      plain(func(dst []byte, s *Scope) []byte { return strconv.AppendInt(dst, s.User, 10) }),
		"iteration": plain(func(dst []byte, s *Scope) []byte { return strconv.AppendInt(dst, s.Iteration, 10) }),
		"int":       between, "pick": pick, "now": now, "raw": raw, "hmac": keyed,
		"base64":    over(func(dst, v []byte) []byte { return base64.StdEncoding.AppendEncode(dst, v) }),
		"base64url": over(func(dst, v []byte) []byte { return base64.RawURLEncoding.AppendEncode(dst, v) }),
		"sha256":    over(func(dst, v []byte) []byte { sum := sha256.Sum256(v); return hexadecimal.AppendEncode(dst, sum[:]) }),
		"sha1":      over(func(dst, v []byte) []byte { sum := sha1.Sum(v); return hexadecimal.AppendEncode(dst, sum[:]) }),
		"md5":       over(func(dst, v []byte) []byte { sum := md5.Sum(v); return hexadecimal.AppendEncode(dst, sum[:]) }),
		"urlencode": over(func(dst, v []byte) []byte { return template.URLPart.Append(dst, string(v)) }),
	}
}

// Functions describes the functions, for error messages.
const Functions = "uuid, random, user, iteration, node, int A B, pick a b c, now [layout], base64, base64url, sha256, sha1, md5, hmac KEY, urlencode, raw"

// IsFunction tells whether a name is that of a function, which no variable can have.
func IsFunction(name string) bool { return functions[name] != nil || name == "node" }

// parse makes a piece of what stands between braces.
func parse(inner string, names Names) (piece, error) {
	words, err := split(inner)
	if err != nil {
		return piece{}, err
	}
	if make, ok := functions[words[0].text]; ok && !words[0].quoted {
		return make(words[1:], names)
	}
	if len(words) > 1 {
		return piece{}, fmt.Errorf("%q is not a function: functions are %s", words[0].text, Functions)
	}
	return value(words[0], names)
}

// value is a literal, a constant, a variable, or a function without arguments.
func value(w word, names Names) (piece, error) {
	if w.quoted {
		return piece{text: w.text}, nil
	}
	if make, ok := functions[w.text]; ok {
		return make(nil, names)
	}
	if names.Constant != nil {
		if text, ok, err := names.Constant(w.text); ok || err != nil {
			return piece{text: text}, err
		}
	}
	place, err := names.Variable(w.text)
	if err != nil {
		return piece{}, err
	}
	return piece{fill: func(dst []byte, s *Scope) []byte { return append(dst, s.Variables[place]...) }}, nil
}

func split(text string) (words []word, err error) {
	for text = strings.TrimSpace(text); text != ""; text = strings.TrimLeft(text, " ") {
		if c := text[0]; c == '"' || c == '\'' {
			inner, rest, ok := strings.Cut(text[1:], string(c))
			if !ok {
				return nil, errors.New("a quote is not closed")
			}
			words, text = append(words, word{inner, true}), rest
			continue
		}
		end := strings.IndexAny(text, " \"'")
		if end < 0 {
			end = len(text)
		}
		words, text = append(words, word{text[:end], false}), text[end:]
	}
	return words, nil
}

func plain(f fill) func([]word, Names) (piece, error) {
	return func(args []word, _ Names) (piece, error) {
		if len(args) > 0 {
			return piece{}, errors.New("it takes no arguments")
		}
		return piece{fill: f}, nil
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
	return piece{fill: func(dst []byte, s *Scope) []byte {
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
	return piece{fill: func(dst []byte, s *Scope) []byte {
		return append(dst, args[s.Random.Uint64()%uint64(len(args))].text...)
	}}, nil
}

// now is the time in UTC: RFC 3339, seconds or milliseconds since 1970, or a layout of Go's time package.
func now(args []word, _ Names) (piece, error) {
	layout := time.RFC3339
	switch {
	case len(args) > 1:
		return piece{}, errors.New(`it takes one layout at most, as in {{now "2006-01-02"}}`)
	case len(args) == 1 && args[0].text == "unix":
		return piece{fill: func(dst []byte, s *Scope) []byte { return strconv.AppendInt(dst, s.Now().Unix(), 10) }}, nil
	case len(args) == 1 && args[0].text == "unixms":
		return piece{fill: func(dst []byte, s *Scope) []byte { return strconv.AppendInt(dst, s.Now().UnixMilli(), 10) }}, nil
	case len(args) == 1:
		layout = args[0].text
	}
	return piece{fill: func(dst []byte, s *Scope) []byte { return s.Now().UTC().AppendFormat(dst, layout) }}, nil
}

func raw(args []word, names Names) (piece, error) {
	if len(args) != 1 {
		return piece{}, errors.New("it takes one variable, as in {{raw price}}")
	}
	p, err := value(args[0], names)
	if text := p.text; err == nil && p.fill == nil {
		p.fill = func(dst []byte, _ *Scope) []byte { return append(dst, text...) }
	}
	p.raw = true
	return p, err
}

// joined are arguments one behind the other.
func joined(args []word, names Names) (Text, error) {
	if len(args) == 0 {
		return nil, errors.New(`it takes variables and texts in quotes, as in {{base64 user ":" password}}`)
	}
	var t Text
	for _, a := range args {
		p, err := value(a, names)
		if err != nil {
			return nil, err
		}
		t = t.add(p)
	}
	return t, nil
}

// over makes a function of what its arguments are together.
func over(f func(dst, value []byte) []byte) func([]word, Names) (piece, error) {
	return func(args []word, names Names) (piece, error) {
		t, err := joined(args, names)
		if err != nil {
			return piece{}, err
		}
		if text, ok := t.Constant(); ok {
			return piece{text: string(f(nil, []byte(text)))}, nil
		}
		return piece{fill: func(dst []byte, s *Scope) []byte { return f(dst, t.Append(nil, s)) }}, nil
	}
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
	return piece{fill: func(dst []byte, s *Scope) []byte {
		h := hmac.New(sha256.New, key.Append(nil, s))
		h.Write(t.Append(nil, s))
		return hexadecimal.AppendEncode(dst, h.Sum(nil))
	}}, err
}
