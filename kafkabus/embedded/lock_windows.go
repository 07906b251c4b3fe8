package embedded

const noFollow = 0 // only administrators can create links
