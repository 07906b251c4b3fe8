package sign

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"landfall/node"
)

// parseMember parses the rest of a key line: key, name, role, limits.
func parseMember(words []string) (m Member, err error) {
	if len(words) < 3 {
		return m, fmt.Errorf("key: must be followed by the public key, a name and a role")
	}
	if m.Public, err = ParsePublic(words[0]); err != nil {
		return m, err
	}
	m.Name, m.Role = words[1], node.Role(words[2])
	for _, word := range words[3:] {
		name, value, _ := strings.Cut(word, "=")
		if err := m.limit(name, value); err != nil {
			return m, fmt.Errorf("key of %s: %w", m.Name, err)
		}
	}
	return m, m.check()
}

func (m *Member) limit(name, value string) (err error) {
	switch name {
	case "targets":
		m.Targets = strings.Split(value, ",")
	case "max-rate":
		m.MaxRateRPS, err = strconv.ParseFloat(value, 64)
		if err != nil || !(m.MaxRateRPS > 0) || math.IsInf(m.MaxRateRPS, 0) {
			err = fmt.Errorf("max-rate=%.20s: must be requests/s above 0", value)
		}
	case "until":
		m.Until, err = ParseUntil(value)
	case "revoked":
		m.Revoked, err = ParseUntil(value)
	default:
		err = fmt.Errorf("%.20q: accepted are targets=, max-rate=, until= and revoked=", name)
	}
	return err
}

// ParseUntil parses the expiry of a key: a day (from its start, UTC) or a time in RFC 3339.
func ParseUntil(s string) (time.Time, error) {
	for _, layout := range []string{time.DateOnly, time.RFC3339} {
		if t, err := time.Parse(layout, s); err == nil {
			return t.UTC(), nil
		}
	}
	return time.Time{}, fmt.Errorf("%.40q: must be a day such as 2027-01-31, or a moment such as 2027-01-31T12:00:00Z", s)
}

func (m *Member) check() error {
	if err := node.CheckID("name", m.Name); err != nil {
		return err
	}
	switch m.Role {
	case node.RoleOperator:
		return m.checkLimits()
	case node.RoleViewer, node.RoleDriver:
		if len(m.Targets) > 0 || m.MaxRateRPS != 0 {
			return fmt.Errorf("key of %s: only an operator's key has targets and a rate (a driver's are its own flags)", m.Name)
		}
		return nil
	}
	return fmt.Errorf("role %.20q: must be viewer, operator or driver", m.Role)
}

func (m *Member) line() string {
	words := []string{"key", m.Public.String(), m.Name, string(m.Role)}
	if len(m.Targets) > 0 {
		words = append(words, "targets="+strings.Join(m.Targets, ","))
	}
	if m.MaxRateRPS > 0 {
		words = append(words, "max-rate="+strconv.FormatFloat(m.MaxRateRPS, 'f', -1, 64))
	}
	for _, end := range []struct {
		name string
		at   time.Time
	}{{"until", m.Until}, {"revoked", m.Revoked}} {
		if !end.at.IsZero() {
			words = append(words, end.name+"="+end.at.UTC().Format(time.RFC3339))
		}
	}
	return strings.Join(words, " ")
}
