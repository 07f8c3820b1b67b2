package stack

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/moby/moby/client"
)

// Leftovers names the containers, networks and images that still carry the label of a run.
func Leftovers(ctx context.Context, runID string) ([]string, error) {
	c, err := client.New(client.FromEnv)
	if err != nil {
		return nil, fmt.Errorf("look for leftovers: %w", err)
	}
	defer c.Close()
	return visit(ctx, c, runID, func(string, string) error { return nil })
}

// Sweep removes what still carries the label of a run, and names it. It is for runs that could
// not clean up themselves: a panic, a time-out, a kill.
func Sweep(ctx context.Context, runID string) ([]string, error) {
	c, err := client.New(client.FromEnv)
	if err != nil {
		return nil, fmt.Errorf("sweep: %w", err)
	}
	defer c.Close()
	return visit(ctx, c, runID, func(kind, id string) error {
		switch kind {
		case "container":
			_, err := c.ContainerRemove(ctx, id, client.ContainerRemoveOptions{Force: true, RemoveVolumes: true})
			return err
		case "network":
			_, err := c.NetworkRemove(ctx, id, client.NetworkRemoveOptions{})
			return err
		default:
			_, err := c.ImageRemove(ctx, id, client.ImageRemoveOptions{Force: true, PruneChildren: true})
			return err
		}
	})
}

// visit calls f for each thing of a run, in the order in which they can be removed.
func visit(ctx context.Context, c *client.Client, runID string, f func(kind, id string) error) ([]string, error) {
	var found []string
	var errs []error
	see := func(kind, id string) {
		found = append(found, kind+" "+strings.TrimPrefix(id, "sha256:"))
		errs = append(errs, f(kind, id))
	}
	label := make(client.Filters).Add("label", RunLabel+"="+runID)
	containers, err := c.ContainerList(ctx, client.ContainerListOptions{All: true, Filters: label})
	if err != nil {
		return nil, fmt.Errorf("list containers: %w", err)
	}
	for _, x := range containers.Items {
		see("container", x.ID)
	}
	networks, err := c.NetworkList(ctx, client.NetworkListOptions{Filters: label})
	if err != nil {
		return found, fmt.Errorf("list networks: %w", err)
	}
	for _, x := range networks.Items {
		see("network", x.ID)
	}
	images, err := c.ImageList(ctx, client.ImageListOptions{Filters: label})
	if err != nil {
		return found, fmt.Errorf("list images: %w", err)
	}
	for _, x := range images.Items {
		see("image", x.ID)
	}
	return found, errors.Join(errs...)
}

// EngineAnswers reports whether there is a Docker engine.
func EngineAnswers(ctx context.Context) bool {
	c, err := client.New(client.FromEnv)
	if err != nil {
		return false
	}
	defer c.Close()
	_, err = c.Ping(ctx, client.PingOptions{})
	return err == nil
}
