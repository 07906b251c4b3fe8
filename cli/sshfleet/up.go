package sshfleet

import (
	"os"
	"time"

	"landfall/cli/connect"
)

type upCmd struct {
	named
	Kafka       connect.Flags     `embed:"" group:"Kafka"`
	Host        []string          `arg:"" optional:"" name:"host" help:"[USER@]HOST[:PORT]: where drivers are to run; none: where they did last."`
	Hosts       string            `placeholder:"FILE" help:"YAML file of hosts, beside those that are typed."`
	PerHost     int               `name:"per-host" placeholder:"N" help:"Drivers on each host that does not say itself (1)."`
	Label       map[string]string `mapsep:"," placeholder:"KEY=VALUE" help:"Label of all drivers; repeatable. Each has fleet=NAME."`
	AllowTarget []string          `name:"allow-target" placeholder:"HOST|CIDR[:PORT]" help:"What the drivers may load; repeatable (loopback alone)."`
	SignKeys    string            `name:"sign-keys" placeholder:"DIR" help:"With --fleet-keys: folder of the drivers' private keys, NAME.key each (the ring's folder)."`
	Root        string            `name:"root-key" placeholder:"FILE" help:"With --fleet-keys: create keys that drivers lack, and trust them with this root key."`
	DriverFlag  []string          `name:"driver-flag" sep:"none" placeholder:"--FLAG=VALUE" help:"Further flag of all drivers, such as --max-rate=500; repeatable."`
	Tunnel      bool              `help:"Lead the drivers to the brokers through SSH: for hosts that cannot reach them, and for the embedded broker."`
	Detach      bool              `help:"Return when the hosts are up, and watch them in the background until landfall fleet down."`
	Binaries    string            `placeholder:"DIR" help:"Folder of landfall-GOOS-GOARCH, for hosts of another system than this one."`
	SSH         string            `name:"ssh" default:"ssh" placeholder:"FILE" help:"OpenSSH's client (ssh)."`
	SSHConfig   string            `name:"ssh-config" placeholder:"FILE" help:"Its configuration (its own)."`
	ConnectFor  time.Duration     `name:"ssh-timeout" default:"10s" placeholder:"TIME" help:"Of connecting to a host (10s)."`
	Grace       time.Duration     `default:"30s" placeholder:"TIME" help:"For drivers to drain at the end, before they are killed (30s)."`
	Watch       bool              `hidden:"" help:"Be the background process of --detach."`
}

// Run brings the fleet up and watches it.
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
