"""Groups of the command line. They import what they call when they are called: `contor --help` loads no business."""
