package node

// Role is what the holder of a fleet key may do.
type Role string

// The roles. An operator's key signs configurations, triggers and results; a driver's key signs the records of that driver; a
// viewer's key signs nothing, but can decrypt configurations.
const (
	RoleOperator Role = "operator"
	RoleViewer   Role = "viewer"
	RoleDriver   Role = "driver"
)

// Signer is the owner of a fleet key, as listed in the key ring.
type Signer struct {
	Name       string
	Role       Role
	Targets    []string // operator: allowed hosts, addresses and networks; none: any
	MaxRateRPS float64  // operator: maximum requests per second, fleet total; 0: no limit
}

// attribute records whose key signed the message. The message itself can only name the user on whose behalf
// it was sent.
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

// RefusedError says why a process with fleet keys rejects a record.
type RefusedError struct {
	By     string // owner of the signing key; "": unsigned, or the key is not in the ring
	Reason string
	Remedy string // how to make honest records of this kind acceptable; "": unknown
}

func (e *RefusedError) Error() string {
	if e.Remedy == "" {
		return e.Reason
	}
	return e.Reason + " (" + e.Remedy + ")"
}
