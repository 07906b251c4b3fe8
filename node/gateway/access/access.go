// Package access decides who may call a gateway: by host name, origin and token, over TLS, with limits on each
// host's connections and token attempts.
package access

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"landfall/node/orchestrator"
)

// Config configures access to a gateway.
type Config struct {
	Listen    string   // host:port; its host is a name by which browsers may call
	Hosts     []string // further names; addresses and localhost always may
	TokenFile string   // lines of name, role and token; empty: every client is an operator
	TLSCert   string   // PEM file, read again when it changes; with TLSKey
	TLSKey    string
	Proxies   []string // addresses and networks of reverse proxies whose X-Forwarded-For is trusted
	Log       *slog.Logger
}

// Control admits requests: to the right hosts, from the right origins, and with a token where tokens are
// required.
type Control struct {
	config Config
	hosts  []string
	tokens *tokens // nil: every client is an operator
	failed *failures
	behind proxies
}

// New reads the token file and the list of proxies. Errors name the file and line, or the flag.
func New(c Config) (*Control, error) {
	host, _, err := net.SplitHostPort(c.Listen)
	if err != nil {
		return nil, err
	}
	d := &Control{config: c, hosts: append([]string{"localhost", strings.ToLower(host)}, c.Hosts...), failed: newFailures()}
	if d.behind, err = parseProxies(c.Proxies); err != nil {
		return nil, err
	}
	if c.TokenFile != "" {
		d.tokens, err = readTokens(c.TokenFile, c.Log)
	}
	return d, err
}

// open lists the paths that need no token: health checks, and the page that asks for a token.
func open(path string) bool {
	return path == "/livez" || path == "/readyz" || path == "/" || strings.HasPrefix(path, "/page/")
}

// NeedsToken reports whether callers need a token.
func (d *Control) NeedsToken() bool { return d.tokens != nil }

// Guard passes admitted requests to next, and refuses others with problem details. It sets the headers that
// keep browsers from using responses elsewhere.
func (d *Control) Guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		h.Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
		if !d.rightHost(r.Host) {
			Refuse(w, http.StatusForbidden, "unknown host name: see --host")
			return
		}
		if !SameOrigin(r) {
			Refuse(w, http.StatusForbidden, "cross-origin requests are not allowed")
			return
		}
		if d.tokens == nil {
			h.Set("Landfall-Role", string(operator))
		}
		if d.tokens == nil || open(r.URL.Path) {
			next.ServeHTTP(w, r)
			return
		}
		text, from := bearer(r), d.behind.caller(r)
		if !d.failed.allow(from, text) {
			h.Set("Retry-After", "10")
			Refuse(w, http.StatusTooManyRequests, "too many invalid tokens: wait")
			return
		}
		who, ok := d.tokens.find(text)
		if !ok {
			if text != "" { // a request without a token is not a guess
				d.failed.note(from)
			}
			h.Set("WWW-Authenticate", `Bearer realm="landfall"`)
			Refuse(w, http.StatusUnauthorized, "a token is needed: Authorization: Bearer …")
			return
		}
		d.failed.right(from, text)
		h.Set("Landfall-Role", string(who.role)) // the page only offers what the role permits
		if who.role != operator && !safe(r.Method) {
			Refuse(w, http.StatusForbidden, who.name+" is a viewer: this needs an operator")
			return
		}
		ctx := orchestrator.WithActor(r.Context(), who.name)
		ctx = context.WithValue(ctx, callerKey{}, who.name)
		holds := func() bool { now, ok := d.tokens.find(text); return ok && now == who }
		next.ServeHTTP(w, r.WithContext(context.WithValue(ctx, holdsKey{}, holds)))
	})
}

type (
	callerKey struct{}
	holdsKey  struct{}
)

// Caller returns the name that belongs to a request's token; empty if no token is needed.
func Caller(ctx context.Context) string {
	name, _ := ctx.Value(callerKey{}).(string)
	return name
}

// Holds reports whether a request would still be admitted: its token may have been removed since.
func Holds(r *http.Request) bool {
	f, ok := r.Context().Value(holdsKey{}).(func() bool)
	return !ok || f()
}

// rightHost prevents DNS rebinding: the request must use a known host name, or an address.
func (d *Control) rightHost(host string) bool {
	name := (&url.URL{Host: host}).Hostname()
	return net.ParseIP(name) != nil || slices.Contains(d.hosts, strings.ToLower(name))
}

// SameOrigin reports whether a request is allowed by its origin: requests that change state, and WebSockets, may only come from
// pages of this host, or from clients other than browsers.
func SameOrigin(r *http.Request) bool {
	if safe(r.Method) && len(r.Header.Values("Upgrade")) == 0 {
		return true
	}
	if site := r.Header.Get("Sec-Fetch-Site"); site != "" && site != "same-origin" && site != "none" {
		return false
	}
	origin := r.Header.Get("Origin")
	if origin == "" {
		return true
	}
	u, err := url.Parse(origin)
	return err == nil && strings.EqualFold(u.Host, r.Host)
}

func safe(method string) bool { return method == http.MethodGet || method == http.MethodHead }

// protocolPrefix marks the token among a WebSocket's subprotocols. A browser's only alternative is the URL, which ends up in logs.
const protocolPrefix = "token."

func bearer(r *http.Request) string {
	if t, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
		return t
	}
	for p := range strings.SplitSeq(r.Header.Get("Sec-WebSocket-Protocol"), ",") {
		if t, ok := strings.CutPrefix(strings.TrimSpace(p), protocolPrefix); ok {
			if text, err := base64.RawURLEncoding.DecodeString(t); err == nil {
				return string(text)
			}
		}
	}
	return ""
}

// Refuse responds with problem details (RFC 9457).
func Refuse(w http.ResponseWriter, status int, detail string) {
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]any{"title": http.StatusText(status), "status": status, "detail": detail})
}
