"""What every door needs: deliveries, bodies, who may see what, errors, headers, logs."""
