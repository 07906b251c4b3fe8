package node

// Register announces a driver. It is repeated until the driver has read it back, and sent again when the driver restarts.
type Register struct {
	Header
	NodeID         string            `json:"node_id"`
	BootID         string            `json:"boot_id"` // new on every start of the process
	Host           string            `json:"host"`
	PID            int               `json:"pid"`
	Version        string            `json:"version"`
	OS             string            `json:"os"`
	Cores          float64           `json:"cores"`
	Labels         map[string]string `json:"labels,omitempty"`
	AllowTargets   []string          `json:"allow_targets"`
	MaxRateRPS     float64           `json:"max_rate_rps,omitempty"` // 0: no limit
	MaxConnections int               `json:"max_connections,omitempty"`
	MaxDurationUS  int64             `json:"max_duration_us,omitempty"`
}

func (r *Register) address() (Topic, string) { return TopicRegister, r.NodeID }

func (r *Register) check() error {
	cleanAll(120, &r.Host, &r.Version, &r.OS)
	r.Labels = cleanMap(r.Labels, 32, 64)
	r.AllowTargets = cleanList(r.AllowTargets, 256, 120)
	if err := inRange("cores", r.Cores, 0, 65536); err != nil {
		return err
	}
	if err := inRange("max_rate_rps", r.MaxRateRPS, 0, 1e9); err != nil {
		return err
	}
	return checkIDs("node_id", r.NodeID, "boot_id", r.BootID)
}
