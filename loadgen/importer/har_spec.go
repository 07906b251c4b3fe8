package importer

import (
	"fmt"
	"io/fs"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"landfall/loadgen"
	"landfall/loadgen/importer/draft"
	"landfall/loadgen/script"
	"landfall/loadgen/template"
)

// FromHAR converts an HTTP archive, as recorded by a browser or proxy, to a spec with a sequence of requests: those to one origin. host
// selects the origin as HOST, HOST:PORT or https://HOST. If it is empty, the origin is that of the first request, or the one that
// request was redirected to. files are the files beside the archive, in which some tools store bodies; nil: none. data may also be a ZIP
// file that holds both, as Playwright writes it. See the package documentation for notes.
func FromHAR(data []byte, files fs.FS, host string, notes ...func(note string)) (loadgen.Spec, error) {
	i, err := fromHAR(data, files, host)
	return i.report(notes), err
}

func fromHAR(data []byte, files fs.FS, host string) (imported, error) {
	var i imported
	entries, err := readHAR(&i, data, files)
	if err != nil {
		return imported{}, err
	}
	origin := chooseOrigin(entries, host)
	switch {
	case origin == "" && host != "":
		return imported{}, fmt.Errorf("har: the archive has no request to %s; it has requests to %s", host, origins(entries))
	case origin == "":
		return imported{}, fmt.Errorf("har: the archive has no HTTP request%s", draft.Notes(i.Notes).First())
	}
	mine := i.only(entries, origin)
	i.Spec = loadgen.Spec{Target: origin + "/", Order: "sequence", Duration: duration}
	var sent []*harEntry
	names := map[string]int{}
	for _, e := range mine {
		if i.add(e, names) {
			sent = append(sent, e)
		}
	}
	if len(sent) == 0 {
		return imported{}, fmt.Errorf("har: the archive has no request that can be imported%s", draft.Notes(i.Notes).First())
	}
	i.chooseVersion(sent)
	i.noteSpecial(sent)
	hoistHeaders(&i.Spec)
	if err := script.Check(i.Spec.WithDefaults()); err != nil {
		return imported{}, fmt.Errorf("har: %w", err)
	}
	return i, nil
}

// chooseOrigin returns the origin that host selects. If host is empty, it is that of the first request, or the one that a chain of
// redirects leads to from there.
func chooseOrigin(entries []*harEntry, host string) string {
	chosen := ""
	for _, e := range entries {
		switch host = strings.ToLower(strings.TrimSuffix(host, "/")); {
		case host != "" && (host == e.origin || host == strings.ToLower(e.url.Host) || host == e.url.Hostname()):
			return e.origin
		case host != "" || chosen != "" && chosen != e.origin:
			continue
		}
		chosen = e.origin
		to, err := e.url.Parse(e.Response.RedirectURL)
		if e.Response.RedirectURL == "" || err != nil {
			return chosen
		}
		next := (&url.URL{Scheme: to.Scheme, Host: strings.ToLower(to.Host)}).String()
		if next == chosen || !slices.ContainsFunc(entries, func(e *harEntry) bool { return e.origin == next }) {
			return chosen
		}
		chosen = next
	}
	return chosen
}

func origins(entries []*harEntry) string {
	var all []string
	for _, e := range entries {
		if !slices.Contains(all, e.origin) {
			all = append(all, e.origin)
		}
	}
	if len(all) > 10 {
		all = append(all[:10], "…")
	}
	return strings.Join(all, ", ")
}

// only returns the entries of an origin, at most [loadgen.MaxRequests].
func (i *imported) only(entries []*harEntry, origin string) []*harEntry {
	var mine []*harEntry
	left := map[string]int{}
	for _, e := range entries {
		if e.origin == origin {
			mine = append(mine, e)
		} else {
			left[e.origin]++
		}
	}
	for _, other := range slices.Sorted(maps.Keys(left)) {
		i.note("left out: %s to %s (a spec has one target; see --host)", draft.Count(left[other], "request", "requests"), other)
	}
	if len(mine) > loadgen.MaxRequests {
		i.note("left out: %s beyond the first %d", draft.Count(len(mine)-loadgen.MaxRequests, "request", "requests"), loadgen.MaxRequests)
		mine = mine[:loadgen.MaxRequests]
	}
	return mine
}

// add adds the request of an entry to the spec. It returns false, with a note, if the request cannot be imported.
func (i *imported) add(e *harEntry, names map[string]int) bool {
	r := e.Request
	body, contentType, problem := r.body()
	headers, err := e.headers(i, contentType)
	one := loadgen.Request{Name: harName(r.Method, e.url, names), Method: strings.ToUpper(r.Method), URL: r.pathAndQuery(), Headers: headers}
	if status, wrong := strconv.Atoi(string(e.Response.Status)); wrong == nil && status >= 400 && status < 600 {
		one.Expect.Statuses = loadgen.Statuses{status}
		i.note("%s: the recorded status %d is what is expected", one.Name, status)
	}
	if err == nil && len(body) > loadgen.MaxBody {
		err = fmt.Errorf("its body has %d bytes: must be at most %d", len(body), loadgen.MaxBody)
	}
	if err == nil {
		one.Body, one.BodyBase64 = loadgen.BodyFields([]byte(body))
		one.Body = template.Literal(one.Body)
		err = script.Check(loadgen.Spec{Target: i.Spec.Target, Duration: duration, Requests: []loadgen.Request{one}}.WithDefaults())
	}
	if err != nil {
		i.note("entry %d is left out: %v", e.number, err)
		return false
	}
	if problem != "" {
		i.note("entry %d (%s): %s", e.number, one.Name, problem)
	}
	i.Spec.Requests = append(i.Spec.Requests, one)
	return true
}

// headers returns the headers of an entry, including those recorded elsewhere: cookies and the user of the URL.
func (e *harEntry) headers(i *imported, contentType string) (map[string]string, error) {
	headers := importedHeaders{}
	for _, h := range e.Request.Headers {
		headers.add(string(h.Name), string(h.Value))
	}
	if contentType != "" {
		headers.set("Content-Type", contentType)
	}
	var cookies []string
	for _, c := range e.Request.Cookies {
		cookies = append(cookies, string(c.Name)+"="+string(c.Value))
	}
	if len(cookies) > 0 {
		headers.offer("Cookie", strings.Join(cookies, "; "))
	}
	headers.offerUser(e.url.User)
	if strings.EqualFold(headers.value("Host"), e.url.Host) {
		delete(headers, "host")
	}
	if strings.EqualFold(headers.value("Connection"), "close") {
		i.note("connections were closed after a request (Connection: close): they are kept open; see no_keepalive")
	}
	return headers.sent(i)
}

// pathAndQuery returns the request target: the URL as it was recorded, without origin and fragment. Some tools record the query only in
// queryString.
func (r *harRequest) pathAndQuery() string {
	_, rest, _ := strings.Cut(r.URL, "://")
	rest, _, _ = strings.Cut(rest, "#")
	path := "/"
	if i := strings.IndexAny(rest, "/?"); i >= 0 {
		path = rest[i:]
	}
	if !strings.HasPrefix(path, "/") {
		path = "/" + path
	}
	if !strings.Contains(path, "?") && len(r.QueryString) > 0 {
		var query []string
		for _, q := range r.QueryString {
			query = append(query, url.QueryEscape(string(q.Name))+"="+url.QueryEscape(string(q.Value)))
		}
		path += "?" + strings.Join(query, "&")
	}
	return template.EscapeURL(path)
}

// harName returns a unique name for a request, such as "GET /items #2".
func harName(method string, u *url.URL, names map[string]int) string {
	name := strings.ToUpper(method) + " /" + strings.TrimPrefix(u.EscapedPath(), "/")
	for len(name) > 100 {
		_, size := utf8.DecodeLastRuneInString(name)
		name = name[:len(name)-size]
	}
	names[name]++
	if n := names[name]; n > 1 {
		return fmt.Sprintf("%s #%d", name, n)
	}
	return name
}

// chooseVersion selects HTTP/2 if all requests were sent over HTTP/2 or HTTP/3.
func (i *imported) chooseVersion(sent []*harEntry) {
	var newer, newest int
	for _, e := range sent {
		switch e.version() {
		case 2:
			newer++
		case 3:
			newest++
		}
	}
	i.Spec.HTTP2 = newer+newest == len(sent) && strings.HasPrefix(i.Spec.Target, "https:")
	switch {
	case newest > 0 && i.Spec.HTTP2:
		i.note("%s recorded over HTTP/3: sent over HTTP/2", draft.Count(newest, "request was", "requests were"))
	case newer+newest > 0 && !i.Spec.HTTP2:
		i.note("%d of %s recorded over HTTP/2 or HTTP/3: all are sent over HTTP/1.1; see http2", newer+newest, draft.Count(len(sent), "request was", "requests were"))
	}
}

// noteSpecial notes requests that depend on the state of the recording browser.
func (i *imported) noteSpecial(sent []*harEntry) {
	var conditional, partial, anonymous int
	for _, e := range sent {
		if e.Request.header("If-None-Match") != "" || e.Request.header("If-Modified-Since") != "" {
			conditional++
		}
		if e.Request.header("Range") != "" {
			partial++
		}
		if e.Request.header("User-Agent") == "" {
			anonymous++
		}
	}
	if conditional > 0 {
		i.note("%s conditional (If-None-Match, If-Modified-Since): the target may respond with 304 and no body", draft.Count(conditional, "request is", "requests are"))
	}
	if partial > 0 {
		i.note("%s for a part (Range): the target may respond with 206", draft.Count(partial, "request is", "requests are"))
	}
	if anonymous > 0 {
		i.note("%s no User-Agent: landfall sends its own", draft.Count(anonymous, "request has", "requests have"))
	}
}

// hoistHeaders moves the headers that all requests have in common to the spec.
func hoistHeaders(s *loadgen.Spec) {
	common := maps.Clone(s.Requests[0].Headers)
	for _, r := range s.Requests {
		maps.DeleteFunc(common, func(name, value string) bool {
			have, ok := r.Headers[name]
			return !ok || have != value
		})
	}
	if len(common) == 0 {
		return
	}
	s.Headers = common
	for i := range s.Requests {
		maps.DeleteFunc(s.Requests[i].Headers, func(name, _ string) bool { _, ok := common[name]; return ok })
		if len(s.Requests[i].Headers) == 0 {
			s.Requests[i].Headers = nil
		}
	}
}
