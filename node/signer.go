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
