package importer

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"landfall/loadgen"
	"landfall/loadgen/importer/draft"
	"landfall/loadgen/template"
)

// maxCurl is the maximum length of a curl command, in bytes.
const maxCurl = 1 << 20

// FromCurl converts a curl command to a spec with one request. The command may be quoted for a POSIX shell or for cmd.exe, as browsers
// copy it. Files named with @, --cacert, --cert and --key are read. curl_options.txt lists how each option is treated. See the package
// documentation for notes.
func FromCurl(line string, notes ...func(note string)) (loadgen.Spec, error) {
	i, err := fromCurl(line)
	return i.report(notes), err
}

func fromCurl(line string) (imported, error) {
	if len(line) > maxCurl {
		return imported{}, fmt.Errorf("curl: the command has %d bytes: must be at most %d", len(line), maxCurl)
	}
	words, dropped, err := commandWords(line)
	if err != nil {
		return imported{}, err
	}
	c := curlCommand{headers: importedHeaders{}}
	if err := c.build(words); err != nil {
		return imported{}, errors.New(unmarked(err.Error()))
	}
	if len(dropped) > 0 {
		c.note("left out, as it does not change the request: %s", strings.Join(dropped, " "))
	}
	return c.imported, nil
}

// build makes the spec of a command.
func (c *curlCommand) build(words []string) (err error) {
	if err := c.read(words); err != nil {
		return err
	}
	if c.Spec, err = c.spec(); err != nil {
		return err
	}
	if err := c.resolve(); err != nil {
		return err
	}
	if err := draft.Check(c.Spec); err != nil {
		return fmt.Errorf("curl: %w", err)
	}
	return nil
}

// curlCommand is a parsed curl command.
type curlCommand struct {
	imported
	url, scheme, method, socket string
	user, bearer                string
	agent                       *string
	referer, byteRange          string
	cookies                     []string
	headers                     importedHeaders // of --header
	data, query                 []string        // query: of --url-query
	form                        []curlPart
	upload, uploaded            string // name of the file of --upload-file, and its content
	json, get, head, compressed bool
	globOff, pathAsIs           bool
	http2, upgrade              bool // upgrade: HTTP/2 only if the server agrees
	timeout                     loadgen.Duration
	resolved                    []string // of --resolve
	proxy, proxyUser, noProxy   string
	tls                         loadgen.TLS
}

func (c *curlCommand) setURL(v string) error {
	if c.url != "" {
		return fmt.Errorf("curl: %.60q: there must be one URL, and it is %.60q", v, c.url)
	}
	c.url = v
	return nil
}

func (c *curlCommand) addResolve(v string) error {
	if strings.HasPrefix(v, "-") {
		return fmt.Errorf("%.60q: must be host:port:address", v)
	}
	c.resolved = append(c.resolved, strings.TrimPrefix(v, "+"))
	return nil
}

// maxTime parses a timeout in seconds; 0 means none.
func (c *curlCommand) maxTime(v string) error {
	s, err := strconv.ParseFloat(v, 64)
	if err != nil || s != 0 && !(s >= 0.001 && s <= 3600) {
		return fmt.Errorf("%.20q: must be between 0.001 and 3600 seconds", v)
	}
	c.timeout = loadgen.Duration(s * float64(time.Second))
	return nil
}

// spec builds the spec of a parsed command.
func (c *curlCommand) spec() (loadgen.Spec, error) {
	if c.url == "" {
		return loadgen.Spec{}, fmt.Errorf("curl: the command has no URL")
	}
	if err := c.oneBody(); err != nil {
		return loadgen.Spec{}, err
	}
	target, err := c.target()
	if err != nil {
		return loadgen.Spec{}, err
	}
	proxy, err := c.proxyURL()
	if err != nil {
		return loadgen.Spec{}, err
	}
	if c.upgrade && !strings.HasPrefix(target, "https:") {
		c.http2 = false
		c.note("curl's --http2: without TLS it only offers an upgrade; requests are sent over HTTP/1.1 (see --http2-prior-knowledge)")
	}
	spec := loadgen.Spec{Target: target, Method: c.chosenMethod(), Duration: duration, Timeout: c.timeout, HTTP2: c.http2, Resolve: c.resolved, Proxy: proxy, TLS: c.tls}
	if err := c.body(&spec); err != nil {
		return loadgen.Spec{}, err
	}
	if err := c.offerHeaders(); err != nil {
		return loadgen.Spec{}, err
	}
	if strings.EqualFold(c.headers.value("Connection"), "close") {
		spec.NoKeepalive = true
	}
	spec.Headers, err = c.headers.sent(&c.imported)
	return spec, err
}

func (c *curlCommand) chosenMethod() string {
	switch {
	case c.method != "":
		return c.method
	case c.head:
		return "HEAD"
	case c.upload != "":
		return "PUT"
	case c.form != nil || c.data != nil && !c.get:
		return "POST"
	}
	return "GET"
}

// oneBody returns an error if the command has several kinds of body, as curl does.
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
		return fmt.Errorf("curl: %s: only one of these options is allowed", strings.Join(kinds, ", "))
	}
	return nil
}

func (c *curlCommand) body(spec *loadgen.Spec) error {
	set := func(text string) error {
		if len(text) > loadgen.MaxBody {
			return fmt.Errorf("curl: the body has %d bytes: must be at most %d", len(text), loadgen.MaxBody)
		}
		spec.SetBody([]byte(text))
		spec.Body = template.Literal(spec.Body)
		return nil
	}
	switch {
	case c.form != nil:
		kind := c.headers.value("Content-Type")
		if !strings.HasPrefix(strings.ToLower(kind), "multipart/") {
			kind = "multipart/form-data"
		}
		text, boundary := formBody(c.form, kind)
		c.headers.set("Content-Type", kind+"; boundary="+boundary)
		return set(text)
	case c.upload != "":
		return set(c.uploaded)
	case c.data == nil || c.get:
		return nil
	}
	separator, kind := "&", "application/x-www-form-urlencoded"
	if c.json {
		separator, kind = "", "application/json"
		c.headers.offer("Accept", kind)
	}
	c.headers.offer("Content-Type", kind)
	return set(strings.Join(c.data, separator))
}

// offerHeaders adds the headers that options imply. Those of --header have precedence, as in curl.
func (c *curlCommand) offerHeaders() error {
	h := c.headers
	h.offer("Accept", "*/*")
	if c.compressed {
		h.offer("Accept-Encoding", "deflate, gzip, br, zstd")
	}
	if len(c.cookies) > 0 {
		h.offer("Cookie", strings.Join(c.cookies, "; "))
	}
	if c.referer != "" {
		h.offer("Referer", c.referer)
	}
	if c.byteRange != "" {
		h.offer("Range", "bytes="+c.byteRange)
	}
	if c.agent != nil {
		h.offer("User-Agent", *c.agent) // not sent if empty
	}
	if c.bearer != "" {
		h.offer("Authorization", "Bearer "+c.bearer)
	}
	if c.user != "" {
		if !strings.Contains(c.user, ":") {
			return fmt.Errorf("curl: option --user: %.40q has no password, which curl would prompt for; write user:password", c.user)
		}
		if strings.ContainsRune(c.user, 0x27) && mark().MatchString(c.user) {
			return fmt.Errorf("curl: option --user: %.40q: beside a variable, there must be no single quote", c.user)
		}
		h.offer("Authorization", "Basic "+encoded64(c.user))
	}
	return nil
}
