// Package importer makes specs of what other tools recorded or were told: curl command lines and HAR archives.
package importer

import (
	"fmt"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"landfall/loadgen"
)

// maxCurl bounds a curl command.
const maxCurl = 1 << 20

// importDuration is how long a run of an imported spec lasts until somebody changes it: every run needs an end.
const importDuration = loadgen.Duration(10 * time.Second)

// FromCurl makes a spec of a curl command, as people write it and as browsers copy it. Files that it names with @,
// --cacert, --cert and --key are read. Flags that only say what curl shows are ignored; a flag that is
// not understood is an error that names it. Redirects are not followed, whatever -L says: they are counted.
func FromCurl(args string) (loadgen.Spec, error) {
	if len(args) > maxCurl {
		return loadgen.Spec{}, fmt.Errorf("curl: %d bytes: at most %d", len(args), maxCurl)
	}
	words, err := shellWords(args)
	if err != nil {
		return loadgen.Spec{}, err
	}
	if len(words) > 0 && (words[0] == "curl" || strings.HasSuffix(words[0], "/curl")) {
		words = words[1:]
	}
	c := curlCommand{headers: importedHeaders{}}
	if err := c.read(words); err != nil {
		return loadgen.Spec{}, err
	}
	spec, err := c.spec()
	if err != nil {
		return loadgen.Spec{}, err
	}
	if err := spec.WithDefaults().Validate(); err != nil {
		return loadgen.Spec{}, fmt.Errorf("curl: %w", err)
	}
	return spec, nil
}

// curlCommand is what a curl command says.
type curlCommand struct {
	url, method, user, socket string
	headers                   importedHeaders
	data                      []string
	form                      []curlPart
	upload, uploaded          string // the name of a file, and its text
	json, get, head           bool
	http2                     bool
	timeout                   loadgen.Duration
	resolve                   []string
	tls                       loadgen.TLS
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
	c.timeout = loadgen.Duration(s * float64(time.Second))
	return nil
}

// spec puts together what was read.
func (c *curlCommand) spec() (loadgen.Spec, error) {
	if c.url == "" {
		return loadgen.Spec{}, fmt.Errorf("curl: there is no URL")
	}
	if err := c.oneBody(); err != nil {
		return loadgen.Spec{}, err
	}
	target, err := c.target()
	if err != nil {
		return loadgen.Spec{}, err
	}
	spec := loadgen.Spec{Target: target, Method: c.method, Duration: importDuration, Timeout: c.timeout, HTTP2: c.http2, Resolve: c.resolve, TLS: c.tls}
	c.body(&spec)
	switch {
	case spec.Method != "":
	case c.head:
		spec.Method = "HEAD"
	case c.upload != "":
		spec.Method = "PUT"
	case c.form != nil || c.data != nil && !c.get:
		spec.Method = "POST"
	default:
		spec.Method = "GET"
	}
	c.headers.offer("Accept", "*/*")
	spec.Headers = c.headers.sent()
	return spec, nil
}

// oneBody refuses what curl refuses: several kinds of body for one request.
func (c *curlCommand) oneBody() error {
	var kinds []string
	for _, k := range []struct {
		given bool
		flag  string
	}{{c.data != nil && !c.get, "--data"}, {c.form != nil, "--form"}, {c.upload != "", "--upload-file"}, {c.head, "--head"}} {
		if k.given {
			kinds = append(kinds, k.flag)
		}
	}
	if len(kinds) > 1 {
		return fmt.Errorf("curl: %s: only one of them makes a request", strings.Join(kinds, ", "))
	}
	return nil
}

func (c *curlCommand) body(spec *loadgen.Spec) {
	switch {
	case c.form != nil:
		text, boundary := formBody(c.form)
		c.headers.set("Content-Type", "multipart/form-data; boundary="+boundary)
		spec.SetBody([]byte(text))
		return
	case c.upload != "":
		spec.SetBody([]byte(c.uploaded))
		return
	case c.data == nil || c.get:
		return
	}
	separator, kind := "&", "application/x-www-form-urlencoded"
	if c.json {
		separator, kind = "", "application/json"
		c.headers.offer("Accept", kind)
	}
	c.headers.offer("Content-Type", kind)
	spec.SetBody([]byte(strings.Join(c.data, separator)))
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
	if c.upload != "" && (u.Path == "" || strings.HasSuffix(u.Path, "/")) {
		u = u.JoinPath(url.PathEscape(filepath.Base(c.upload)))
	}
	if c.socket != "" {
		c.headers.offer("Host", u.Host)
		return "unix:" + c.socket + ":" + u.RequestURI(), nil
	}
	return u.String(), nil
}
