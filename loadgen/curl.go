package loadgen

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// maxCurl bounds a curl command.
const maxCurl = 1 << 20

// importDuration is how long a run of an imported spec lasts until somebody changes it: every run needs an end.
const importDuration = Duration(10 * time.Second)

// SpecFromCurl makes a spec of a curl command, as people write it and as browsers copy it. Files that it names with @,
// --cacert, --cert and --key are read, and must be texts. Flags that only say what curl shows are ignored; a flag that is
// not understood is an error that names it. Redirects are not followed, whatever -L says: they are counted.
func SpecFromCurl(args string) (Spec, error) {
	if len(args) > maxCurl {
		return Spec{}, fmt.Errorf("curl: %d bytes: at most %d", len(args), maxCurl)
	}
	words, err := shellWords(args)
	if err != nil {
		return Spec{}, err
	}
	if len(words) > 0 && (words[0] == "curl" || strings.HasSuffix(words[0], "/curl")) {
		words = words[1:]
	}
	c := curlCommand{headers: importedHeaders{}}
	if err := c.read(words); err != nil {
		return Spec{}, err
	}
	spec, err := c.spec()
	if err != nil {
		return Spec{}, err
	}
	if err := spec.WithDefaults().Validate(); err != nil {
		return Spec{}, fmt.Errorf("curl: %w", err)
	}
	return spec, nil
}

// curlCommand is what a curl command says.
type curlCommand struct {
	url, method, user, socket string
	headers                   importedHeaders
	data                      []string
	json, get, head           bool
	http2                     bool
	timeout                   Duration
	resolve                   []string
	tls                       TLS
}

// curlShort are the long names of curl's short flags.
var curlShort = map[byte]string{
	'X': "request", 'H': "header", 'd': "data", 'u': "user", 'k': "insecure", 'A': "user-agent", 'b': "cookie", 'e': "referer", 'm': "max-time",
	'I': "head", 'G': "get", 'E': "cert", 'r': "range", 's': "silent", 'S': "show-error", 'v': "verbose", 'i': "include", 'f': "fail", 'L': "location",
	'o': "output", 'O': "remote-name", 'w': "write-out", '#': "progress-bar", 'N': "no-buffer", 'g': "globoff", '4': "ipv4", '6': "ipv6",
}

// curlIgnored are flags that change nothing of the request; true: a value follows.
var curlIgnored = map[string]bool{
	"silent": false, "show-error": false, "verbose": false, "include": false, "fail": false, "fail-with-body": false, "location": false,
	"output": true, "remote-name": false, "write-out": true, "progress-bar": false, "no-progress-meter": false, "no-buffer": false, "globoff": false,
	"http1.1": false, "tlsv1.2": false, "tlsv1.3": false, "ipv4": false, "ipv6": false, "connect-timeout": true, "path-as-is": false, "max-redirs": true,
	"no-keepalive": false, "retry": true, "basic": false,
}

// curlSwitches are flags without a value.
var curlSwitches = map[string]func(*curlCommand){
	"insecure":              func(c *curlCommand) { c.tls.Insecure = true },
	"compressed":            func(c *curlCommand) { c.headers.offer("Accept-Encoding", "deflate, gzip, br, zstd") },
	"http2":                 func(c *curlCommand) { c.http2 = true },
	"http2-prior-knowledge": func(c *curlCommand) { c.http2 = true },
	"head":                  func(c *curlCommand) { c.head = true },
	"get":                   func(c *curlCommand) { c.get = true },
}

// curlValues are flags with a value.
var curlValues = map[string]func(*curlCommand, string) error{
	"request":        func(c *curlCommand, v string) error { c.method = v; return nil },
	"header":         (*curlCommand).header,
	"data":           func(c *curlCommand, v string) error { return c.addData(v, true, true) },
	"data-ascii":     func(c *curlCommand, v string) error { return c.addData(v, true, true) },
	"data-binary":    func(c *curlCommand, v string) error { return c.addData(v, true, false) },
	"data-raw":       func(c *curlCommand, v string) error { return c.addData(v, false, false) },
	"data-urlencode": (*curlCommand).addEncoded,
	"json":           func(c *curlCommand, v string) error { c.json = true; return c.addData(v, true, false) },
	"user":           func(c *curlCommand, v string) error { c.user = v; return nil },
	"oauth2-bearer":  func(c *curlCommand, v string) error { c.headers.set("Authorization", "Bearer "+v); return nil },
	"user-agent":     func(c *curlCommand, v string) error { c.headers.set("User-Agent", v); return nil },
	"referer": func(c *curlCommand, v string) error {
		c.headers.set("Referer", strings.TrimSuffix(v, ";auto"))
		return nil
	},
	"range":  func(c *curlCommand, v string) error { c.headers.set("Range", "bytes="+v); return nil },
	"cookie": (*curlCommand).cookie,
	"resolve": func(c *curlCommand, v string) error {
		c.resolve = append(c.resolve, strings.TrimPrefix(v, "+"))
		return nil
	},
	"max-time":    (*curlCommand).maxTime,
	"cacert":      func(c *curlCommand, v string) (err error) { c.tls.CA, err = curlFile(v, maxPEM); return err },
	"cert":        func(c *curlCommand, v string) (err error) { c.tls.Cert, err = curlFile(v, maxPEM); return err },
	"key":         func(c *curlCommand, v string) (err error) { c.tls.Key, err = curlFile(v, maxPEM); return err },
	"unix-socket": func(c *curlCommand, v string) error { c.socket = v; return nil },
	"url":         (*curlCommand).setURL,
}

func (c *curlCommand) read(words []string) error {
	for len(words) > 0 {
		word := words[0]
		words = words[1:]
		var err error
		switch {
		case word == "--":
			continue
		case strings.HasPrefix(word, "--"):
			words, err = c.long(word[2:], "--"+word[2:], words)
		case len(word) > 1 && word[0] == '-':
			words, err = c.short(word[1:], words)
		default:
			err = c.setURL(word)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// short reads flags such as -sXPOST: several in one word, the last perhaps with its value.
func (c *curlCommand) short(letters string, words []string) (rest []string, err error) {
	for i := range len(letters) {
		flag := "-" + letters[i:i+1]
		name, known := curlShort[letters[i]]
		if !known {
			return nil, fmt.Errorf("curl: flag %q is not understood", flag)
		}
		if curlValues[name] == nil && !curlIgnored[name] {
			if _, err := c.long(name, flag, nil); err != nil {
				return nil, err
			}
			continue
		}
		if value := letters[i+1:]; value != "" {
			words = append([]string{value}, words...)
		}
		return c.long(name, flag, words)
	}
	return words, nil
}

// long reads one flag, and its value from the words that follow.
func (c *curlCommand) long(name, flag string, words []string) (rest []string, err error) {
	if turn := curlSwitches[name]; turn != nil {
		turn(c)
		return words, nil
	}
	set := curlValues[name]
	takes, ignored := curlIgnored[name]
	switch {
	case set == nil && !ignored:
		return nil, fmt.Errorf("curl: flag %q is not understood", flag)
	case set == nil && !takes:
		return words, nil
	case len(words) == 0:
		return nil, fmt.Errorf("curl: flag %s needs a value", flag)
	case set == nil:
		return words[1:], nil
	}
	if err := set(c, words[0]); err != nil {
		return nil, fmt.Errorf("curl: flag %s: %w", flag, err)
	}
	return words[1:], nil
}

func (c *curlCommand) setURL(v string) error {
	if c.url != "" {
		return fmt.Errorf("curl: %.60q: one URL is enough, and it is %.60q", v, c.url)
	}
	c.url = v
	return nil
}

// header reads "Name: value", "Name;" for one without a value, and "Name:" for one that is not sent.
func (c *curlCommand) header(v string) error {
	name, value, found := strings.Cut(v, ":")
	value = strings.TrimSpace(value)
	switch {
	case strings.HasPrefix(v, "@"):
		return fmt.Errorf("headers from a file are not supported")
	case !found && strings.HasSuffix(v, ";"):
		c.headers.set(strings.TrimSuffix(v, ";"), "")
	case !found:
		return fmt.Errorf("%.60q: must be like \"Name: value\"", v)
	case value != "":
		c.headers.add(strings.TrimSpace(name), value)
	}
	return nil
}

func (c *curlCommand) cookie(v string) error {
	if !strings.Contains(v, "=") {
		return fmt.Errorf("cookies from a file are not supported: give name=value")
	}
	c.headers.add("Cookie", v)
	return nil
}

func (c *curlCommand) maxTime(v string) error {
	s, err := strconv.ParseFloat(v, 64)
	if err != nil || !(s >= 0.001 && s <= 3600) {
		return fmt.Errorf("%.20q: must be between 0.001 and 3600 seconds", v)
	}
	c.timeout = Duration(s * float64(time.Second))
	return nil
}

// addData adds to the body: "@file" is read where files are allowed, without its line breaks when it is a form.
func (c *curlCommand) addData(v string, files, form bool) error {
	if name, isFile := strings.CutPrefix(v, "@"); isFile && files {
		text, err := curlFile(name, maxBody)
		if err != nil {
			return err
		}
		if v = text; form {
			v = strings.NewReplacer("\r", "", "\n", "", "\x00", "").Replace(v)
		}
	}
	c.data = append(c.data, v)
	return nil
}

// addEncoded adds to the body what curl's manual calls content, =content, name=content, @file and name@file.
func (c *curlCommand) addEncoded(v string) error {
	i := strings.IndexAny(v, "=@")
	if i < 0 {
		c.data = append(c.data, url.QueryEscape(v))
		return nil
	}
	name, text := v[:i], v[i+1:]
	if v[i] == '@' {
		var err error
		if text, err = curlFile(text, maxBody); err != nil {
			return err
		}
	}
	if name != "" {
		name += "="
	}
	c.data = append(c.data, name+url.QueryEscape(text))
	return nil
}

func curlFile(name string, most int) (string, error) {
	if name == "-" {
		return "", fmt.Errorf("standard input cannot be read here: name a file")
	}
	text, err := readBounded(name, most)
	if err == nil && !utf8.Valid(text) {
		err = fmt.Errorf("%s: not a text in UTF-8", name)
	}
	return string(text), err
}

// spec puts together what was read.
func (c *curlCommand) spec() (Spec, error) {
	if c.url == "" {
		return Spec{}, fmt.Errorf("curl: there is no URL")
	}
	target, err := c.target()
	if err != nil {
		return Spec{}, err
	}
	spec := Spec{Target: target, Method: c.method, Duration: importDuration, Timeout: c.timeout, HTTP2: c.http2, Resolve: c.resolve, TLS: c.tls}
	if c.data != nil && !c.get {
		c.body(&spec)
	}
	switch {
	case spec.Method != "":
	case c.head:
		spec.Method = "HEAD"
	case c.data != nil && !c.get:
		spec.Method = "POST"
	default:
		spec.Method = "GET"
	}
	c.headers.offer("Accept", "*/*")
	spec.Headers = c.headers.sent()
	return spec, nil
}

func (c *curlCommand) body(spec *Spec) {
	separator, kind := "&", "application/x-www-form-urlencoded"
	if c.json {
		separator, kind = "", "application/json"
		c.headers.offer("Accept", kind)
	}
	c.headers.offer("Content-Type", kind)
	spec.Body = strings.Join(c.data, separator)
}

// target is the URL with the user and, for -G, the data in it.
func (c *curlCommand) target() (string, error) {
	raw := c.url
	if !strings.Contains(raw, "://") {
		raw = "http://" + raw
	}
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" {
		return "", fmt.Errorf("curl: %.80q is not a URL", c.url)
	}
	if c.user != "" {
		name, password, _ := strings.Cut(c.user, ":")
		u.User = url.UserPassword(name, password)
	}
	u.Fragment, u.RawFragment = "", ""
	if c.get && c.data != nil {
		if u.RawQuery != "" {
			u.RawQuery += "&"
		}
		u.RawQuery += strings.Join(c.data, "&")
	}
	if c.socket != "" {
		c.headers.offer("Host", u.Host)
		return "unix:" + c.socket + ":" + u.RequestURI(), nil
	}
	return u.String(), nil
}
