"""つむぎ堂: a small django-oscar shop that takes cards through escott."""
