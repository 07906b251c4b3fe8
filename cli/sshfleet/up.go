package sshfleet

import (
	"os"
	"time"

	"landfall/cli/connect"
)

type upCmd struct {
	named
	Kafka       connect.Flags     `embed:"" group:"Kafka"`
	Host        []string          `arg:"" optional:"" name:"host" help:"[USER@]HOST[:PORT] to run drivers on (the hosts of the last fleet up)."`
	Hosts       string            `placeholder:"FILE" help:"YAML file of hosts, in addition to arguments."`
	PerHost     int               `name:"per-host" placeholder:"N" help:"Drivers per host, unless the hosts file says otherwise (1)."`
	Label       map[string]string `mapsep:"," placeholder:"KEY=VALUE" help:"Label for all drivers, in addition to fleet=NAME; repeatable."`
	AllowTarget []string          `name:"allow-target" placeholder:"HOST|CIDR[:PORT]" help:"Target the drivers may load (loopback only); repeatable."`
	SignKeys    string            `name:"sign-keys" placeholder:"DIR" help:"With --fleet-keys: folder of the drivers' private keys, one NAME.key each (the folder of the ring)."`
	Root        string            `name:"root-key" placeholder:"FILE" help:"With --fleet-keys: create missing driver keys and trust them with this root key."`
	DriverFlag  []string          `name:"driver-flag" sep:"none" placeholder:"--FLAG=VALUE" help:"Additional flag for all drivers, such as --max-rate=500; repeatable."`
	Tunnel      bool              `help:"Forward broker connections through SSH, for hosts that cannot reach the brokers and for the embedded broker."`
	Detach      bool              `help:"Return once the hosts are up, and supervise them in the background until landfall fleet down."`
	Binaries    string            `placeholder:"DIR" help:"Folder of binaries named landfall-GOOS-GOARCH, for hosts with a different platform."`
	SSH         string            `name:"ssh" default:"ssh" placeholder:"FILE" help:"OpenSSH client (ssh)."`
	SSHConfig   string            `name:"ssh-config" placeholder:"FILE" help:"Configuration file of the SSH client (its default)."`
	ConnectFor  time.Duration     `name:"ssh-timeout" default:"10s" placeholder:"TIME" help:"Connect timeout per host (10s)."`
	Grace       time.Duration     `default:"30s" placeholder:"TIME" help:"Time for drivers to drain before they are killed (30s)."`
	Watch       bool              `hidden:"" help:"Run as the background process of --detach."`
}

// Run starts the fleet and supervises it.
func (c *upCmd) Run(w *World) error {
	s, err := c.store(w)
	if err != nil {
		return err
	}
	if c.Watch {
		return c.inBackground(w, s)
	}
	end := ending("")
	p, err := c.prepare(until(end), w, s)
	if err != nil {
		return err
	}
	if c.Detach {
		return c.detach(w, s, end)
	}
	held, err := hold(s, c.Fleet)
	if err != nil {
		return err
	}
	defer held.Release()
	p.Log = w.Quiet
	return watch(s, p, end, board(os.Stderr), func() {})
}
