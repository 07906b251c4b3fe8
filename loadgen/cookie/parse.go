package cookie

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// parse reads the value of a Set-Cookie header (RFC 6265 §5.2); false: it is not valid.
func parse(header string, now int64) (c cookie, ok bool) {
	pair, rest, _ := strings.Cut(header, ";")
	name, value, ok := strings.Cut(pair, "=")
	name, value = strings.TrimSpace(name), strings.TrimSpace(value)
	if !ok || name == "" || len(name)+len(value) > maxBytes || strings.ContainsFunc(name+value, control) {
		return c, false
	}
	c.name, c.value = strings.Clone(name), strings.Clone(value)
	byAge := false
	for rest != "" {
		var attribute string
		attribute, rest, _ = strings.Cut(rest, ";")
		key, value, _ := strings.Cut(attribute, "=")
		value = strings.TrimSpace(value)
		switch key = strings.TrimSpace(key); {
		case strings.EqualFold(key, "Expires") && !byAge:
			if at, ok := parseDate(value); ok {
				c.expires = at
			}
		case strings.EqualFold(key, "Max-Age"):
			if seconds, err := strconv.ParseInt(value, 10, 64); err == nil {
				c.expires, byAge = expiry(now, seconds), true
			}
		case strings.EqualFold(key, "Domain"):
			c.domain = strings.ToLower(strings.TrimPrefix(value, "."))
		case strings.EqualFold(key, "Path"):
			c.path = strings.Clone(value)
		case strings.EqualFold(key, "Secure"):
			c.secure = true
		}
	}
	return c, len(c.domain)+len(c.path) <= maxBytes
}

func control(r rune) bool { return r < ' ' || r == 0x7f }

// expiry is now + seconds, at least 1: 0 would mean a cookie without an expiry.
func expiry(now, seconds int64) int64 {
	switch {
	case seconds <= 0:
		return 1
	case seconds > math.MaxInt64-now:
		return math.MaxInt64
	}
	return now + seconds
}

func parseDate(text string) (int64, bool) {
	for _, layout := range dates {
		if at, err := time.Parse(layout, text); err == nil {
			return max(at.Unix(), 1), true
		}
	}
	return 0, false
}
