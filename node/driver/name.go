package driver

import (
	"strings"

	"landfall/node"
)

// NewName returns a default driver name: the host's, with a suffix so that a host can have several drivers.
func NewName(host string) string {
	clean := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '.', r == '-', r == '_':
			return r
		}
		return '-'
	}, host)
	clean = strings.TrimLeft(clean, ".-_")
	return clean[:min(len(clean), 48)] + map[bool]string{true: "driver"}[clean == ""] + "-" + node.NewID()[:4]
}
