package loadgen

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"strconv"
	"strings"

	"landfall/loadgen/field"
)

// Specs hold secrets: passwords in targets, tokens in headers, queries and bodies, keys, tables of users. Lists, logs, live updates and
// reports are shared more widely than specs. They show only the fields that are listed here as harmless; any other field, including
// future ones, is hidden.

// Hidden replaces values that are not shown.
const Hidden = field.Hidden

// harmlessTexts are the JSON names of a spec's strings that are shown unchanged.
var harmlessTexts = setOf("name method order arrivals takeover expr slo server_name resolve body_contains think status pick group filename type")

// sizedTexts are shown as their size.
var sizedTexts = setOf("body body_base64 csv rows ca_pem cert_pem")

// urlTexts are shown without their secrets.
var urlTexts = setOf("target url hosts proxy get post put patch delete head options")

// harmlessHeaders are the headers whose values are shown.
var harmlessHeaders = setOf(`accept accept-charset accept-encoding accept-language cache-control connection content-encoding
	content-language content-type dnt expect host if-modified-since if-unmodified-since keep-alive origin pragma priority range save-data
	sec-ch-ua sec-ch-ua-mobile sec-ch-ua-platform sec-fetch-dest sec-fetch-mode sec-fetch-site sec-fetch-user te
	upgrade-insecure-requests user-agent x-requested-with`)

// harmlessResponseHeaders are the headers of responses whose values are shown, too.
var harmlessResponseHeaders = setOf(`accept-ranges access-control-allow-origin age allow alt-svc content-length content-range date etag expires
	last-modified proxy-status retry-after server transfer-encoding vary via www-authenticate x-cache x-cache-status x-content-type-options x-powered-by x-ratelimit-limit
	x-ratelimit-remaining x-ratelimit-reset`)

// harmlessParameters are the parameters of a query whose values are shown.
var harmlessParameters = setOf("count delay format from lang limit locale offset order page per_page size sort to version")

func setOf(names string) map[string]bool {
	m := map[string]bool{}
	for _, name := range strings.Fields(names) {
		m[name] = true
	}
	return m
}

// Redacted returns s for lists, logs and reports: without passwords, tokens, keys, bodies and tables.
// Numbers, names and choices are kept, so that the run can still be understood. Redacting twice changes nothing.
func (s Spec) Redacted() Spec { return redact(reflect.ValueOf(s), "").Interface().(Spec) }

// redact copies a value of a spec; name is its JSON name.
func redact(v reflect.Value, name string) reflect.Value {
	out := reflect.New(v.Type()).Elem()
	switch v.Kind() {
	case reflect.Struct:
		out.Set(v)
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.IsExported() {
				tag, _, _ := strings.Cut(f.Tag.Get("json"), ",")
				out.Field(i).Set(redact(v.Field(i), tag))
			}
		}
	case reflect.Slice:
		if v.IsNil() {
			return out
		}
		if v.Type() == reflect.TypeFor[json.RawMessage]() {
			return reflect.ValueOf(json.RawMessage(strconv.Quote(Hidden)))
		}
		if v.Type().Elem().Kind() == reflect.Uint8 {
			return out
		}
		out.Set(reflect.MakeSlice(v.Type(), v.Len(), v.Len()))
		for i := range v.Len() {
			out.Index(i).Set(redact(v.Index(i), name))
		}
	case reflect.Map:
		out.Set(redactMap(v, name))
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() {
			return out
		}
		inner := redact(v.Elem(), name)
		if v.Kind() == reflect.Interface {
			out.Set(inner)
			return out
		}
		out.Set(reflect.New(v.Type().Elem()))
		out.Elem().Set(inner)
	case reflect.String:
		if v.Type() != reflect.TypeFor[string]() { // a choice, such as Kind
			return v
		}
		out.SetString(redactText(v.String(), name))
	default:
		return v
	}
	return out
}

func redactMap(v reflect.Value, name string) reflect.Value {
	if headers, ok := v.Interface().(map[string]string); ok && name == "headers" {
		return reflect.ValueOf(redactHeaders(headers))
	}
	if v.IsNil() {
		return v
	}
	out := reflect.MakeMapWithSize(v.Type(), v.Len())
	for _, key := range v.MapKeys() {
		out.SetMapIndex(key, redact(v.MapIndex(key), ""))
	}
	return out
}

var sized = field.Pattern(`^\(\d+ bytes\)$`)

func redactText(text, name string) string {
	switch {
	case text == "" || harmlessTexts[name]:
		return text
	case sizedTexts[name] && sized().MatchString(text):
		return text
	case sizedTexts[name]:
		return fmt.Sprintf("(%d bytes)", len(text))
	case urlTexts[name]:
		return RedactURL(text)
	}
	return Hidden
}

func redactHeaders(headers map[string]string) map[string]string {
	out := maps.Clone(headers)
	for name := range out {
		if !harmlessHeaders[strings.ToLower(name)] {
			out[name] = Hidden
		}
	}
	return out
}

// RedactURL returns a URL without its user, the values of its query, and path segments that look random, like
// the tokens of webhooks. It need not be a valid URL. Redacting twice changes nothing.
func RedactURL(raw string) string {
	raw, _, _ = strings.Cut(raw, "#")
	rest, query, asked := strings.Cut(raw, "?")
	scheme, rest, absolute := strings.Cut(rest, "//")
	if !absolute {
		scheme, rest = "", scheme
	} else {
		scheme += "//"
		authority, path, found := strings.Cut(rest, "/")
		if at := strings.LastIndex(authority, "@"); at >= 0 {
			authority = Hidden + authority[at:]
		}
		scheme += authority
		if rest = ""; found {
			rest = "/" + path
		}
	}
	out := scheme + redactPath(rest)
	if asked {
		out += "?" + redactQuery(query)
	}
	return out
}

func redactPath(path string) string {
	segments := strings.Split(path, "/")
	for i, s := range segments {
		if looksRandom(s) {
			segments[i] = Hidden
		}
	}
	return strings.Join(segments, "/")
}

// looksRandom reports whether a path segment looks like a token: long, with letters and digits.
func looksRandom(s string) bool {
	const shortest = 20
	return len(s) >= shortest && strings.ContainsAny(s, "0123456789") && !strings.Contains(s, "{{") &&
		strings.IndexFunc(s, func(r rune) bool { return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' }) >= 0
}

var onlyPlaceholder = field.Pattern(`^\{\{[^{}]*\}\}$`)

func redactQuery(query string) string {
	parameters := strings.Split(query, "&")
	for i, p := range parameters {
		name, value, found := strings.Cut(p, "=")
		switch {
		case found && (value == "" || harmlessParameters[strings.ToLower(name)] || onlyPlaceholder().MatchString(value)):
		case found:
			parameters[i] = name + "=" + Hidden
		case looksRandom(name):
			parameters[i] = Hidden
		}
	}
	return strings.Join(parameters, "&")
}

// RedactLine returns a line of a request's or a response's head for reports: a request line with its URL
// redacted, a header without its value unless that is known to be harmless. A status line is unchanged.
func RedactLine(line string) string {
	if method, rest, ok := strings.Cut(line, " "); ok && strings.HasSuffix(rest, " HTTP/1.1") {
		return method + " " + RedactURL(strings.TrimSuffix(rest, " HTTP/1.1")) + " HTTP/1.1"
	}
	name, value, ok := strings.Cut(line, ":")
	if !ok {
		return line
	}
	switch name := strings.ToLower(name); {
	case name == "location" || name == "content-location" || name == "referer":
		value = RedactURL(strings.TrimSpace(value))
	case harmlessHeaders[name] || harmlessResponseHeaders[name]:
		value = strings.TrimSpace(value)
	default:
		value = Hidden
	}
	return name + ": " + value
}

var (
	// secretValue matches a value with a secret name, in JSON, in a form or in plain text.
	secretValue = field.Pattern(`(?i)((?:token|secret|passw(?:or)?d|pwd|passphrase|authorization|api[_-]?key|session(?:[_-]?id)?|cookie|credentials?|signature|jwt|otp|pin)"?\s*[:=]\s*"?)(?:(?:bearer|basic)\s+)?[^\s"&,;<>{}\[\]]+`)
	longWord    = field.Pattern(`[A-Za-z0-9_\-+=]{20,}`)
)

// RedactText returns text from a target for reports: without values that have secret names, and without words
// that look random, like tokens and keys.
func RedactText(text string) string {
	text = secretValue().ReplaceAllString(text, "${1}"+Hidden)
	return longWord().ReplaceAllStringFunc(text, func(word string) string {
		if looksRandom(word) {
			return Hidden
		}
		return word
	})
}

// ShortestToken is the minimum length, in bytes, of a value that is hidden wherever it occurs. Shorter ones are part of other words too
// often.
const ShortestToken = 8

// tokenName matches names of variables that hold credentials.
var tokenName = field.Pattern(`(?i)token|csrf|xsrf|session|secret|passw|auth|jwt|nonce|sid$|key$`)

// NamesCredential reports whether a header, parameter or variable of this name usually holds a credential. Challenges such as
// WWW-Authenticate do not.
func NamesCredential(name string) bool {
	return tokenName().MatchString(name) && !strings.HasSuffix(strings.ToLower(name), "-authenticate")
}

// IsToken reports whether an extracted value may be a credential: its variable has such a name, or it mixes letters and digits as
// tokens do.
func IsToken(name, value string) bool {
	if len(value) < ShortestToken || strings.ContainsAny(value, " \n") || strings.HasPrefix(value, "/") || strings.Contains(value, "://") {
		return false
	}
	letter := func(r rune) bool { return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' }
	return tokenName().MatchString(name) || strings.ContainsFunc(value, letter) && strings.ContainsAny(value, "0123456789")
}

// HiddenPart returns the name of a field, in spec files, that [Spec.Redacted] has replaced entirely or in part, so that the spec cannot be
// executed as it was; "": all values are there.
func (s Spec) HiddenPart() string {
	v := reflect.ValueOf(s)
	for i := range v.NumField() {
		f := v.Type().Field(i)
		if name := jsonName(f); f.IsExported() && hidden(v.Field(i), name) {
			return name
		}
	}
	return ""
}

// hidden reports whether a value holds one that was replaced; name is its JSON name.
func hidden(v reflect.Value, name string) bool {
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.IsExported() && hidden(v.Field(i), jsonName(f)) {
				return true
			}
		}
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			return strings.Contains(string(v.Bytes()), Hidden)
		}
		for i := range v.Len() {
			if hidden(v.Index(i), name) {
				return true
			}
		}
	case reflect.Map:
		for _, key := range v.MapKeys() {
			if hidden(v.MapIndex(key), "") {
				return true
			}
		}
	case reflect.Pointer, reflect.Interface:
		return !v.IsNil() && hidden(v.Elem(), name)
	case reflect.String:
		text := v.String()
		return strings.Contains(text, Hidden) || sizedTexts[name] && sized().MatchString(text)
	}
	return false
}

func jsonName(f reflect.StructField) string {
	name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	return name
}
