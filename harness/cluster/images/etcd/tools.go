//go:build tools

// Package etcd names the commands of etcd's image, so that `go mod tidy` pins all they import.
package etcd

import (
	_ "go.etcd.io/etcd/etcdctl/v3"
	_ "go.etcd.io/etcd/server/v3"
)
