//go:build tools

// Package provisioner names the program of the image, so that `go mod tidy` pins all it imports.
package provisioner

import (
	_ "github.com/rancher/local-path-provisioner"
)
