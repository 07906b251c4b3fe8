package node

// Role is what a fleet key lets its holder do.
type Role string

// The roles. An operator's key signs configurations, triggers and results; a driver's key signs that driver's records; a
// viewer's key signs nothing, and decrypts configurations.
const (
	RoleOperator Role = "operator"
	RoleViewer   Role = "viewer"
	RoleDriver   Role = "driver"
)

// Signer is who signed a record, as the fleet's key ring knows him.
type Signer struct {
	Name       string
	Role       Role
	Targets    []string // an operator's limit: hosts, addresses and networks that may be loaded; none: all
	MaxRateRPS float64  // an operator's limit: requests per second of the fleet; 0: none
}

// attribute makes a message say whose key signed it, whatever it says itself: that may name on whose behalf.
func attribute(m Message, s *Signer) {
	m.header().signer = s
	switch m := m.(type) {
	case *Config:
		m.By = behalf(s.Name, m.By)
	case *Trigger:
		m.By = behalf(s.Name, m.By)
	}
}

func behalf(name, of string) string {
	if of == "" || of == name {
		return name
	}
	return Clean(name+" for "+of, 240)
}

// RefusedError is why a process that has fleet keys does not believe a record.
type RefusedError struct {
	By     string // whose key signed it; "": not signed, or with a key that is not in the ring
	Reason string
	Remedy string // what makes honest records of that kind believed; "": nothing does
}

func (e *RefusedError) Error() string {
	if e.Remedy == "" {
		return e.Reason
	}
	return e.Reason + " (" + e.Remedy + ")"
}
